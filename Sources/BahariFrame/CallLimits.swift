/// The limits that a caller can meet. The daemon enforces them, the CLI checks its options against them, and
/// `Proto/REFERENCE.md` lists them with the error beyond each.
///
/// To add one: a constant here with its unit in the name, and the refusal where it is enforced; a row in the CLI's
/// `Text/LimitsText.swift`; a sentence at the field in the .proto. `BahariCLITests/LimitTests` compares the sentences in
/// the .proto files and the documents with the numbers.
package enum CallLimits {
  // MARK: Messages

  /// Bytes of one frame, header not counted: a request or a reply with its envelope.
  package static let frameBytes = FrameLimits.data
  /// Fields and list elements of one request, nested ones included.
  package static let requestElements = 200_000
  /// How many messages deep a request may nest; the request itself is the first.
  package static let requestDepth = 16
  /// Violations that one error lists.
  package static let violations = 100
  /// Characters of a request id. A UUID has 36.
  package static let requestIDCharacters = 1...128
  /// How long the daemon remembers a request id at least.
  package static let requestIDHours = 24
  /// Characters of an exact number given as text.
  package static let numericCharacters = 200

  // MARK: Lists

  /// Rows of a page.
  package static let pageRows = 1...100
  /// Rows of a page where the request names no limit.
  package static let pageRowsDefault = 10
  /// The highest page number.
  package static let pageNumber = 20_000_000
  /// Sort columns of a list.
  package static let sortColumns = 8
  /// Characters of a search.
  package static let searchCharacters = 200
  /// Levels of a filter, comparisons in it, and values of one `in`.
  package static let filterDepth = 8
  package static let filterComparisons = 200
  package static let filterValues = 1_000
  /// Rows of a report's list.
  package static let reportRows = 1_000

  // MARK: Batches

  /// Rows of one BatchUpsert.
  package static let batchRows = 10_000
  /// Rows of a batch whose warnings the reply has.
  package static let batchWarnings = 100

  // MARK: Time and connections

  /// Seconds of a call that names no deadline: one row, a list or report, a batch or export. Defaults of the daemon.
  package static let rowSeconds = 5
  package static let listSeconds = 30
  package static let batchSeconds = 600
  /// The longest deadline, in seconds; a longer one is shortened to this.
  package static let longestSeconds = 3_600
  /// Calls in flight on one connection. A default of the daemon.
  package static let callsInFlight = 1_024
  /// Connected clients. A default of the daemon.
  package static let clients = 10_000
}

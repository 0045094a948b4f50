/// The limits that a caller can meet. The daemon enforces them, the CLI checks its options against them, and
/// `Proto/REFERENCE.md` lists them, each with the error that exceeding it returns.
///
/// To add a limit: a constant here with its unit in the name, and the refusal where it is enforced; a row in the CLI's
/// `Text/LimitsText.swift`; a sentence at the field in the .proto. `BahariCLITests/LimitTests` compares the sentences
/// in the .proto files and the documents with the numbers.
package enum CallLimits {
  // MARK: Messages

  /// The largest size of a frame's data in bytes, without the header: a request or reply with its envelope.
  package static let frameBytes = FrameLimits.data
  /// The largest number of fields and list elements in one request, including those of nested messages.
  package static let requestElements = 200_000
  /// The largest size of all texts of a row together, in bytes. It leaves room in a frame for the other columns, joined
  /// names, warnings and the envelope, so that a row that was written can be read.
  package static let rowBytes = frameBytes - 131_072
  /// The largest number of levels of nested messages in a request; the request itself is level 1.
  package static let requestDepth = 16
  /// The largest number of violations that one error lists.
  package static let violations = 100
  /// The length of a request id in characters. A UUID has 36.
  package static let requestIDCharacters = 1...128
  /// The shortest time for which the daemon remembers a request id, in hours.
  package static let requestIDHours = 24
  /// The largest length of an exact decimal number that is sent as text, in characters.
  package static let numericCharacters = 200

  // MARK: Lists

  /// The number of rows that a request may ask for in one page of a list.
  package static let pageRows = 1...100
  /// The number of rows in a page if the request does not set it.
  package static let pageRowsDefault = 10
  /// The highest page number.
  package static let pageNumber = 20_000_000
  /// The largest number of columns by which a list is sorted.
  package static let sortColumns = 8
  /// The largest length of a list's `search` text, in characters.
  package static let searchCharacters = 200
  /// The limits of a list's filter: levels of nesting, number of comparisons, and values in one `in` comparison.
  package static let filterDepth = 8
  package static let filterComparisons = 200
  package static let filterValues = 1_000
  /// The largest number of rows that a report returns in a list.
  package static let reportRows = 1_000

  // MARK: Batches

  /// The largest number of rows in one BatchUpsert.
  package static let batchRows = 10_000
  /// The largest number of refused rows of a batch whose violations the reply lists. Of further ones, and of those for
  /// which the reply has no room, it has the indexes.
  package static let batchErrors = 1_000
  /// The largest number of rows of a batch whose warnings the reply includes.
  package static let batchWarnings = 100

  // MARK: Time and connections

  /// The default deadlines in seconds, for calls that set none: calls on one row; lists and reports; batches and
  /// exports. The daemon's options can change them.
  package static let rowSeconds = 5
  package static let listSeconds = 30
  package static let batchSeconds = 600
  /// The longest deadline, in seconds. A longer one is shortened to this.
  package static let longestSeconds = 3_600
  /// The default for the largest number of calls in flight on one connection. The daemon's options can change it.
  package static let callsInFlight = 1_024
  /// The default for the largest number of connected clients. The daemon's options can change it.
  package static let clients = 10_000
}

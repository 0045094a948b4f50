import BahariFrame
import Glibc

/// The state of an import, from which `--resume` continues.
///
/// The state is written before the first batch and after each batch. It has the run's name, from which request ids are
/// made, and a position in the file. A batch that was in flight when the import was interrupted is sent again under the
/// same request id, so that it takes effect only once, even if the daemon has already written it. The file must be
/// unchanged before the position; the rest may be corrected.
struct ImportState: Equatable {
  /// The name of the run, from which request ids are made. Each import has a new name, so that importing a file again
  /// on purpose is not taken for a repetition.
  var run: String
  /// The number of the next batch to send, from 1.
  var number = 1
  /// The position in the file at which the next batch begins.
  var place = ImportPlace()
  var created: Int64 = 0
  var updated: Int64 = 0
  var unchanged: Int64 = 0
  var failed: Int64 = 0
  /// The file of --rejects, with its size after the last batch that is done; nil without --rejects.
  var rejects: RejectsPlace?
  /// The command line options that determine the content of batches.
  var options: String
  /// When the state was written, in seconds since 1970.
  var savedAt = time(nil)

  /// How long the daemon remembers request ids, in seconds.
  private static let longest = CallLimits.requestIDHours * 3_600
  var isForgotten: Bool { time(nil) - savedAt >= ImportState.longest }

  var summary: ImportSummary {
    ImportSummary(created: created, updated: updated, unchanged: unchanged, failed: failed)
  }

  mutating func take(_ number: Int, _ place: ImportPlace, _ summary: ImportSummary) {
    (self.number, self.place, savedAt) = (number, place, time(nil))
    (created, updated, unchanged, failed) = (summary.created, summary.updated, summary.unchanged, summary.failed)
  }

  // MARK: Text

  var text: String {
    """
    bahari-import 1
    run \(run)
    number \(number)
    offset \(place.offset)
    line \(place.line)
    hash \(String(place.hash, radix: 16))
    rows \(created) \(updated) \(unchanged) \(failed)
    rejects \(rejects.map { "\($0.size) \($0.path)" } ?? "")
    saved \(savedAt)
    options \(options)

    """
  }

  /// Parses the text of a state file; nil if the text is not a valid state.
  init?(_ text: String) {
    let lines = text.split(separator: "\n").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
    let values = Dictionary(lines.filter { $0.count == 2 }.map { ($0[0], $0[1]) }) { first, _ in first }
    let rows = (values["rows"] ?? "").split(separator: " ").compactMap { Int64($0) }
    guard values["bahari-import"] == "1", let run = values["run"], let number = values["number"].flatMap({ Int($0) }),
      let offset = values["offset"].flatMap({ Int($0) }), let line = values["line"].flatMap({ Int($0) }),
      let hash = values["hash"].flatMap({ UInt64($0, radix: 16) }), rows.count == 4,
      let saved = values["saved"].flatMap({ Int($0) })
    else { return nil }
    self.init(run: run, options: values["options"] ?? "")
    (self.number, place) = (number, ImportPlace(offset: offset, line: line, hash: hash))
    (created, updated, unchanged, failed) = (rows[0], rows[1], rows[2], rows[3])
    savedAt = saved
    let place = (values["rejects"] ?? "").split(separator: " ", maxSplits: 1)
    if place.count == 2, let size = Int(place[0]) { rejects = RejectsPlace(path: String(place[1]), size: size) }
  }

  init(run: String, options: String) {
    self.run = run
    self.options = options
  }
}

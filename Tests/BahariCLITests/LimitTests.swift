import BahariFrame
import Foundation
import Testing

@testable import bahari

/// The limits that the documents and the comments of the .proto files state are those of `CallLimits`.
@Suite struct LimitTests {
  private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../..")

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.package.appendingPathComponent(path), encoding: .utf8)
  }

  private static func number(_ number: Int) -> String { LimitsText.grouped(number) }

  private static let batch = number(CallLimits.batchRows)
  private static let page = "\(CallLimits.pageRows.lowerBound) to \(CallLimits.pageRows.upperBound)"
  private static let requestID =
    "\(CallLimits.requestIDCharacters.lowerBound) to \(CallLimits.requestIDCharacters.upperBound) characters"
  private static let mebibytes = "\(CallLimits.frameBytes / 1_048_576) MiB"

  @Test(
    arguments: [
      (
        "Proto/bahari/v1/common.proto",
        [
          "1 to \(number(CallLimits.pageNumber)); 1 if absent", "\(page); \(CallLimits.pageRowsDefault) if absent",
          "At most \(CallLimits.sortColumns) columns", "at most \(CallLimits.searchCharacters) characters",
          "at most \(CallLimits.filterDepth) levels and \(CallLimits.filterComparisons)",
          "1 to \(number(CallLimits.filterValues)) for in", "the first \(CallLimits.batchWarnings) rows",
          "refused, at most \(number(CallLimits.batchErrors))", requestID,
        ]
      ),
      ("Proto/bahari/v1/laporan.proto", ["at most \(number(CallLimits.reportRows)) rows"]),
      ("Proto/google/rpc/error_details.proto", ["at most \(CallLimits.violations)"]),
      (
        "Proto/ttrpc/ttrpc.proto",
        [
          mebibytes, "\(CallLimits.rowSeconds) s for one row", "\(CallLimits.listSeconds) s for a list",
          "\(CallLimits.batchSeconds / 60) min for a batch", "at most one hour",
        ]
      ),
      (
        "Proto/README.md",
        [
          "\(mebibytes) (\(number(CallLimits.frameBytes)) bytes)", "| rows of one BatchUpsert | \(batch) |",
          "| \(number(CallLimits.rowBytes)) bytes |", "in its reply | \(number(CallLimits.batchErrors)) |",
          "| \(CallLimits.pageRows.upperBound), and \(number(CallLimits.reportRows)) |",
          "\(CallLimits.filterDepth) levels, \(CallLimits.filterComparisons) comparisons, "
            + "\(number(CallLimits.filterValues)) values",
          "\(requestID), remembered for \(CallLimits.requestIDHours) hours",
          "one hour; \(CallLimits.rowSeconds) s for one row, \(CallLimits.listSeconds) s for a list or report, "
            + "\(CallLimits.batchSeconds / 60) min for a batch",
          "| \(number(CallLimits.callsInFlight)) |",
        ]
      ),
      (
        "Clients/README.md",
        [
          "fewer than \(number(CallLimits.callsInFlight)) calls", mebibytes, "\(batch) rows of a batch",
          "\(CallLimits.pageRows.upperBound) rows of a page",
        ]
      ),
      (
        "Clients/bahari/README.md",
        [
          "| \(page); \(CallLimits.pageRowsDefault) without it", "| \(batch) |",
          "| \(number(CallLimits.reportRows)), and",
          "| one request or reply | \(mebibytes) |",
          "| \(CallLimits.filterDepth), \(CallLimits.filterComparisons) and \(number(CallLimits.filterValues)) |",
          "| columns in `--sort` | \(CallLimits.sortColumns) |",
          "| characters of `--search` | \(CallLimits.searchCharacters) |",
          "| \(CallLimits.requestIDCharacters.lowerBound) to \(CallLimits.requestIDCharacters.upperBound) |",
          "| errors that one reply lists | \(CallLimits.violations) |",
          "| all texts of a row together | \(number(CallLimits.rowBytes)) bytes |",
          "| refused rows of a batch with their errors | \(number(CallLimits.batchErrors));",
          "| `--timeout` | \(CallLimits.longestSeconds) s |", "ids for \(CallLimits.requestIDHours) hours",
          "| a file of `create` or `update` | \(RowFile.mostBytes / 1_048_576) MiB |",
          "| a record of a CSV file | \(CSVParser.longestRecord / 1_048_576) MiB |",
          "| warnings that `import` shows | \(ImportWarnings.most) |",
        ]
      ),
      (
        "Clients/BahariClient/Resource.swift",
        ["at most \(batch) rows, and \(mebibytes) once encoded", "the number of rows per page, \(page)"]
      ),
    ])
  func documentsStateTheLimits(_ path: String, _ sentences: [String]) throws {
    let text = try text(path)
    for sentence in sentences { #expect(text.contains(sentence), "\(path) does not state: \(sentence)") }
  }

  /// Every table's messages state the limits, not only those of the first.
  @Test(arguments: ["absensi", "jenis", "kelompok", "organisasi", "referensi", "transaksi", "wilayah"])
  func messagesOfTablesStateTheLimits(_ file: String) throws {
    let text = try text("Proto/bahari/v1/\(file).proto")
    let batches = text.components(separatedBy: "message BatchUpsert").count - 1
    #expect(batches > 0 && text.components(separatedBy: "// At most \(Self.batch) rows").count - 1 == batches)
    let ids = text.components(separatedBy: "optional string request_id").count - 1
    let sentence =
      "// Names the write, \(Self.requestID). Repeated with the same id within \(CallLimits.requestIDHours) h"
    #expect(ids > batches && text.components(separatedBy: sentence).count - 1 == ids)
  }

  @Test func numbersAreGrouped() {
    #expect(LimitsText.grouped(8) == "8" && LimitsText.grouped(200) == "200" && LimitsText.grouped(1_000) == "1,000")
    #expect(LimitsText.grouped(4_194_304) == "4,194,304")
  }
}

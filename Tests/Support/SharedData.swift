import Foundation

/// Data at full scale that are not part of the package, beside it where they are there at all.
///
///     @Test(.enabled(if: SharedData.exists, "needs ../shared/data/wilayah"))
package enum SharedData {
  /// The folder of provinces.csv, regencies.csv, districts.csv and villages.csv.
  package static let wilayah = packageRoot.appending(path: "../shared/data/wilayah").standardizedFileURL.path

  package static let exists = FileManager.default.fileExists(atPath: wilayah + "/villages.csv")

  /// The design's text.
  package static let design: String? = {
    let path = packageRoot.appending(path: "../shared/restructure.md").standardizedFileURL.path
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }()

  /// Tests/Support/SharedData.swift lies three levels below it.
  private static let packageRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}

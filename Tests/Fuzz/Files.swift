import Foundation

/// The inputs that are kept as files.
enum Files {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  /// The files of a target in `Corpus` or `Regressions`, by name.
  static func read(_ kind: String, of target: FuzzTarget) throws -> [FuzzTarget.Seed] {
    let place = folder.appendingPathComponent(kind).appendingPathComponent(target.name)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
    return try names.sorted().map { .init($0, Array(try Data(contentsOf: place.appendingPathComponent($0)))) }
  }

  /// Writes inputs as files into a folder, which is made.
  static func write(_ seeds: [FuzzTarget.Seed], into folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for seed in seeds { try Data(seed.bytes).write(to: folder.appendingPathComponent(seed.name)) }
  }
}

import ArgumentParser
import BahariClient

/// Shell completion of resources, columns and values, which the daemon describes. Waits at most one second for the
/// daemon, and offers nothing if there is no answer.
enum Completions {
  /// Completes the names of resources.
  static let resources = CompletionKind.custom { words, _, _ in await known(words)?.resources.map(\.name) ?? [] }

  /// Completes columns of the resource on the command line: one column, or several separated by commas.
  static let columns = CompletionKind.custom { words, _, prefix in
    guard let resource = await resource(words) else { return [] }
    return columns(resource, after: prefix)
  }

  /// Completes `COLUMN=`, then the value if the column's description lists all values.
  static let assignments = CompletionKind.custom { words, _, prefix in
    guard let resource = await resource(words) else { return [] }
    return assignments(resource, after: prefix)
  }

  static func columns(_ resource: Bahari_V1_Resource, after prefix: String) -> [String] {
    // Keep what is already typed: the names up to the last comma, and the minus sign of a descending order.
    let done = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
    let sign = prefix.dropFirst(done.count).hasPrefix("-") ? "-" : ""
    return resource.columns.map { "\(done)\(sign)\($0.name)" }
  }

  static func assignments(_ resource: Bahari_V1_Resource, after prefix: String) -> [String] {
    let column = resource.columns.first { prefix.hasPrefix("\($0.name)=") }
    guard let column else { return resource.columns.map { "\($0.name)=" } }
    return column.values.map { "\(column.name)=\($0)" }
  }

  private static func known(_ words: [String]) async -> Bahari_V1_GetDescriptorReply? {
    let socket = zip(words, words.dropFirst()).first { $0.0 == "--socket" }?.1
    return try? await BahariClient(socketPath: socket).describe(timeout: .seconds(1))
  }

  /// Returns the resource on the command line: that of the first word after the verb that is a resource's name.
  private static func resource(_ words: [String]) async -> Bahari_V1_Resource? {
    guard let known = await known(words) else { return nil }
    let names = ResourceNames(known.resources)
    return words.dropFirst(2).lazy.compactMap { word in
      try? names.find(String(word.split(separator: "/", omittingEmptySubsequences: false)[0]))
    }.first
  }
}

import ArgumentParser
import BahariClient

/// Shell completion of resources, columns and closed lists, which the daemon knows. Waits one second for the daemon, then
/// offers nothing.
enum Completions {
  /// Names of resources.
  static let resources = CompletionKind.custom { words, _, _ in await known(words)?.resources.map(\.name) ?? [] }

  /// Columns of the resource on the command line, one or several with commas.
  static let columns = CompletionKind.custom { words, _, prefix in
    guard let resource = await resource(words) else { return [] }
    return columns(resource, after: prefix)
  }

  /// `COLUMN=`, then the values if the column has a closed list.
  static let assignments = CompletionKind.custom { words, _, prefix in
    guard let resource = await resource(words) else { return [] }
    return assignments(resource, after: prefix)
  }

  static func columns(_ resource: Bahari_V1_Resource, after prefix: String) -> [String] {
    // Keep what is typed already: names before a comma, and the sign of a descending order.
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

  /// The resource of the first word behind the verb that names one.
  private static func resource(_ words: [String]) async -> Bahari_V1_Resource? {
    guard let known = await known(words) else { return nil }
    let names = ResourceNames(known.resources)
    return words.dropFirst(2).lazy.compactMap { word in
      try? names.find(String(word.split(separator: "/", omittingEmptySubsequences: false)[0]))
    }.first
  }
}

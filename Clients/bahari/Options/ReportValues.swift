import ArgumentParser
import BahariClient

/// The name and the values of a report from the command line, before the values are matched with fields of the request.
struct ReportValues: Equatable {
  struct Given: Equatable {
    var name: String
    var value: String
  }

  private(set) var name: String?
  private(set) var given: [Given] = []

  /// - Parameter words: the words after the verb, such as `produksi --from 2026-01-01 --by=bulan`.
  init(_ words: [String]) throws {
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        guard name == nil else { throw ValidationError("\"\(word)\" is no value of an option") }
        name = word
        continue
      }
      let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let value = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
        throw ValidationError("\(word) has no value")
      }
      add(String(parts[0]), value)
    }
  }

  mutating func add(_ name: String, _ value: String) {
    given.append(Given(name: String(name.map { $0 == "-" ? "_" : $0 }), value: value))
  }

  /// Makes the request: parses each value and sets the field with its name.
  func request(_ type: MessageType, _ schema: Schema) throws -> Record {
    var request = Record(type)
    for given in given {
      let field = try Self.field(given.name, type)
      let text = field.kind == .enum ? given.value.uppercased() : given.value
      do throws(BadValue) {
        let value = try FieldValue(text: text, for: field, schema: schema)
        if case .list(let more) = value, case .list(let before) = request[field.name] {
          request[field.name] = .list(before + more)
        } else {
          request[field.name] = value
        }
      } catch {
        throw Failure(.invalidArgument, "--\(given.name): \(error.description)")
      }
    }
    return request
  }

  /// Returns the field with this name, or else the only field whose name begins or ends with it (`from` for
  /// `date_from`).
  private static func field(_ name: String, _ type: MessageType) throws -> Field {
    if let field = type.field(name) { return field }
    let matches = type.fields.filter { $0.name.hasPrefix(name + "_") || $0.name.hasSuffix("_" + name) }
    if matches.count == 1 { return matches[0] }
    let names = (matches.isEmpty ? type.fields : matches).map(\.name).joined(separator: ", ")
    throw Failure(
      .invalidArgument,
      matches.isEmpty
        ? "the report has no value \(name); it has: \(names)" : "--\(name) is ambiguous: it matches \(names)")
  }
}

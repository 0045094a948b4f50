/// Parses JSON (RFC 8259). Errors have the position in bytes from the start of the text.
struct JSONParser {
  private let bytes: [UInt8]
  private var place = 0
  /// The most levels of nested arrays and objects.
  private static let deepest = 64

  static func parse(_ text: String) throws -> JSON {
    var parser = JSONParser(bytes: Array(text.utf8))
    let value = try parser.value(depth: 0)
    parser.skipBlanks()
    guard parser.place == parser.bytes.count else { throw parser.failure("text follows the value") }
    return value
  }

  /// Parses any number of values that follow each other, as in JSON lines.
  static func sequence(_ text: String) throws -> [JSON] {
    var parser = JSONParser(bytes: Array(text.utf8))
    var values: [JSON] = []
    parser.skipBlanks()
    while parser.current != nil {
      values.append(try parser.value(depth: 0))
      parser.skipBlanks()
    }
    return values
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ cause: String) -> Failure {
    Failure(.invalidArgument, "the JSON cannot be parsed at byte \(place): \(cause)")
  }

  private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

  private mutating func skipBlanks() {
    while let byte = current, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { place += 1 }
  }

  private mutating func take(_ character: Character) -> Bool {
    guard current == character.asciiValue else { return false }
    place += 1
    return true
  }

  private mutating func take(literal: String) -> Bool {
    guard bytes[place...].starts(with: literal.utf8) else { return false }
    place += literal.utf8.count
    return true
  }

  private mutating func value(depth: Int) throws -> JSON {
    guard depth <= Self.deepest else { throw failure("more than \(Self.deepest) levels") }
    skipBlanks()
    switch current {
    case UInt8(ascii: "{"): return try object(depth)
    case UInt8(ascii: "["): return try array(depth)
    case UInt8(ascii: "\""): return .string(try string())
    case let byte? where "-0123456789".utf8.contains(byte): return .number(try number())
    default:
      if take(literal: "null") { return .null }
      if take(literal: "true") { return .bool(true) }
      if take(literal: "false") { return .bool(false) }
      throw failure(current == nil ? "it ends before a value" : "no value begins here")
    }
  }

  private mutating func object(_ depth: Int) throws -> JSON {
    place += 1
    var members: [JSON.Member] = []
    skipBlanks()
    if take("}") { return .object([]) }
    repeat {
      skipBlanks()
      guard current == UInt8(ascii: "\"") else { throw failure("a name in quotes is missing") }
      let name = try string()
      skipBlanks()
      guard take(":") else { throw failure("a colon is missing") }
      members.append(JSON.Member(name: name, value: try value(depth: depth + 1)))
      skipBlanks()
    } while take(",")
    guard take("}") else { throw failure("a comma or } is missing") }
    return .object(members)
  }

  private mutating func array(_ depth: Int) throws -> JSON {
    place += 1
    var items: [JSON] = []
    skipBlanks()
    if take("]") { return .array([]) }
    repeat {
      items.append(try value(depth: depth + 1))
      skipBlanks()
    } while take(",")
    guard take("]") else { throw failure("a comma or ] is missing") }
    return .array(items)
  }

  private mutating func number() throws -> String {
    let start = place
    while let byte = current, "+-.eE0123456789".utf8.contains(byte) { place += 1 }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard Double(text) != nil else { throw failure("\(text) is not a number") }
    return text
  }

  private mutating func string() throws -> String {
    place += 1
    var content: [UInt8] = []
    while let byte = current {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escape()
      case 0..<0x20: throw failure("a control character in a string")
      default: content.append(byte)
      }
    }
    throw failure("a string has no end")
  }

  private mutating func escape() throws -> [UInt8] {
    guard let byte = current else { throw failure("a string has no end") }
    place += 1
    switch byte {
    case UInt8(ascii: "n"): return [0x0a]
    case UInt8(ascii: "r"): return [0x0d]
    case UInt8(ascii: "t"): return [0x09]
    case UInt8(ascii: "b"): return [0x08]
    case UInt8(ascii: "f"): return [0x0c]
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xd800..<0xdc00).contains(code) {
        guard take("\\"), take("u") else { throw failure("half of a surrogate pair") }
        let low = try hexadecimal()
        guard (0xdc00..<0xe000).contains(low) else { throw failure("half of a surrogate pair") }
        code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(code) else { throw failure("half of a surrogate pair") }
      return Array(String(Character(scalar)).utf8)
    default: throw failure("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    guard place + 4 <= bytes.count,
      let code = UInt32(String(decoding: bytes[place..<place + 4], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are missing") }
    place += 4
    return code
  }
}

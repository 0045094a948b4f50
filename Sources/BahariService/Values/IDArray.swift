/// Ids as a JSON array of numbers, such as [11,1101], which is how a text column holds a list of them.
enum IDArray {
  static func text(_ ids: [Int64]) -> [UInt8] {
    Array("[\(ids.map(String.init).joined(separator: ","))]".utf8)
  }

  /// The ids; nil where `text` is anything else.
  static func ids(_ text: UnsafeRawBufferPointer) -> [Int64]? {
    var rest = trimmed(text[...])
    guard rest.count >= 2, rest.first == UInt8(ascii: "["), rest.last == UInt8(ascii: "]") else { return nil }
    rest = trimmed(rest.dropFirst().dropLast())
    guard !rest.isEmpty else { return [] }
    var ids: [Int64] = []
    for part in rest.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let id = number(trimmed(part)) else { return nil }
      ids.append(id)
    }
    return ids
  }

  private static func number(_ digits: Slice<UnsafeRawBufferPointer>) -> Int64? {
    // Int64 would take a plus sign, which JSON has not.
    guard digits.first != UInt8(ascii: "+") else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// Without the white space that JSON allows between values.
  private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    return text
  }
}

/// Converts lists of ids to and from a JSON array such as [11,1101], the form in which text columns store them.
enum IDArray {
  static func text(_ ids: [Int64]) -> [UInt8] {
    Array("[\(ids.map(String.init).joined(separator: ","))]".utf8)
  }

  /// The ids in `text`; nil if it is no JSON array of integers.
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
    // Swift's Int64 accepts a plus sign, which JSON does not allow.
    guard digits.first != UInt8(ascii: "+") else { return nil }
    return Int64(String(decoding: digits, as: UTF8.self))
  }

  /// `text` without the white space around it that JSON allows.
  private static func trimmed(_ text: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    return text
  }
}

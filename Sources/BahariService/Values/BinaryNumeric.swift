/// Decodes PostgreSQL's binary numeric: base-10000 digits with a weight, a sign and a display scale.
enum BinaryNumeric {
  /// The number in PostgreSQL's text form; nil for NaN and infinity.
  static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
    func word(_ index: Int) -> Int { Int(bytes[2 * index]) << 8 | Int(bytes[2 * index + 1]) }
    guard bytes.count >= 8 else { return nil }
    let digits = word(0)
    let weight = Int(Int16(truncatingIfNeeded: word(1)))
    let sign = word(2)
    let scale = word(3)
    guard bytes.count == 8 + 2 * digits, sign == 0 || sign == 0x4000 else { return nil }
    /// The base-10000 digit at 10000^position; 0 if it is not stored.
    func group(_ position: Int) -> Int {
      let index = weight - position
      return index >= 0 && index < digits ? word(4 + index) : 0
    }
    var text: [UInt8] = sign == 0x4000 ? [UInt8(ascii: "-")] : []
    text.reserveCapacity(8 + 4 * digits + scale)
    if weight < 0 {
      text.append(UInt8(ascii: "0"))
    } else {
      text.append(contentsOf: String(group(weight)).utf8)
      for position in stride(from: weight - 1, through: 0, by: -1) { appendFour(group(position), to: &text) }
    }
    if scale > 0 {
      text.append(UInt8(ascii: "."))
      let start = text.count
      for position in 1...((scale + 3) / 4) { appendFour(group(-position), to: &text) }
      text.removeLast(text.count - start - scale)
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// NaN or infinity in PostgreSQL's text form; nil for a finite number.
  static func special(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.count >= 8 else { return nil }
    switch Int(bytes[4]) << 8 | Int(bytes[5]) {
    case 0xc000: return "NaN"
    case 0xd000: return "Infinity"
    case 0xf000: return "-Infinity"
    default: return nil
    }
  }

  private static func appendFour(_ group: Int, to text: inout [UInt8]) {
    for divisor in [1000, 100, 10, 1] { text.append(UInt8(ascii: "0") + UInt8(group / divisor % 10)) }
  }
}

/// Formats floating-point numbers as PostgreSQL does: the fewest digits that are parsed to the same number, no ".0",
/// and an exponent of at least two digits below 1e-04 and from 1e+15 (`Float`: from 1e+06).
enum DoubleText {
  static func format(_ number: Double) -> String { format(number.description, number.isNaN, number.isInfinite, 15) }
  static func format(_ number: Float) -> String { format(number.description, number.isNaN, number.isInfinite, 6) }

  /// Converts Swift's description of a number to PostgreSQL's notation, which has the same digits.
  private static func format(_ text: String, _ isNaN: Bool, _ isInfinite: Bool, _ scientificFrom: Int) -> String {
    if isNaN { return "NaN" }
    if let plain = plain(text, scientificFrom) { return plain }
    let isNegative = text.hasPrefix("-")
    let sign = isNegative ? "-" : ""
    if isInfinite { return sign + "Infinity" }
    let parts = text.drop { $0 == "-" }.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    let shift = parts.count > 1 ? Int(parts[1].drop { $0 == "+" }) ?? 0 : 0

    // `digits` has no leading and trailing zeros; `exponent` is the decimal exponent of the first digit.
    let all = whole + fraction
    let leading = all.prefix { $0 == "0" }.count
    var digits = Array(all.dropFirst(leading))
    while digits.last == "0" { digits.removeLast() }
    guard !digits.isEmpty else { return sign + "0" }
    let exponent = whole.count - 1 - leading + shift

    if exponent < -4 || exponent >= scientificFrom {
      let tail = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
      let size = String(abs(exponent))
      return sign + String(digits[0]) + tail + (exponent < 0 ? "e-" : "e+") + (size.count < 2 ? "0" : "") + size
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + String(digits) }
    if digits.count <= exponent + 1 {
      return sign + String(digits) + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return sign + String(digits[...exponent]) + "." + String(digits[(exponent + 1)...])
  }

  /// A fast path for numbers of at most 15 digits and a point, without exponent and leading zero: only a trailing ".0"
  /// has to be removed. Nil for any other number.
  private static func plain(_ text: String, _ scientificFrom: Int) -> String? {
    let bytes = text.utf8
    guard bytes.count <= 16, let first = bytes.first, first != UInt8(ascii: "0") else { return nil }
    var digits = 0
    var points = 0
    var whole = 0
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
      case UInt8(ascii: "."):
        points += 1
        whole = digits
      case UInt8(ascii: "-") where digits == 0: continue
      default: return nil
      }
    }
    guard points == 1, whole <= scientificFrom,
      first != UInt8(ascii: "-") || bytes.dropFirst().first != UInt8(ascii: "0")
    else { return nil }
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

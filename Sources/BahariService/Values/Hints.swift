import BahariCatalog
import BahariFrame

/// Checks the hints that depend only on the values of the request. Hints that need PostgreSQL are `RelatedHint`s.
enum Hints {
  static func remarks(_ input: RowInput, _ resource: Resource) -> [Remark] {
    resource.table.hints.compactMap { hint in
      guard let column = hint.columns.first, let text = input.text(of: column, resource),
        let description = deviation(hint, text)
      else { return nil }
      return Remark(field: column, description: description)
    }
  }

  /// Describes how `text` differs from the usual values; nil if it is a usual value.
  private static func deviation(_ hint: Hint, _ text: String) -> String? {
    let digits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? text.count : -1
    switch hint {
    case .usually(_, let values): return values.contains(text) ? nil : "is none of \(values.joined(separator: ", "))"
    case .between(_, let range):
      guard let number = Double(text), !range.contains(number) else { return nil }
      return "is usually between \(Int(range.lowerBound)) and \(Int(range.upperBound))"
    case .digits(_, let count): return digits == count ? nil : "usually has \(count) digits"
    case .nip: return digits == 18 && isNIP(text) ? nil : "is no NIP: 18 digits, birth date first, then sex"
    case .nik: return digits == 16 && isNIK(text) ? nil : "is no NIK: 16 digits with the birth date inside"
    case .phone: return isPhone(text) ? nil : "is no mobile number such as 081234567890"
    case .agrees: return nil
    }
  }

  private static func isNIP(_ text: String) -> Bool {
    let digits = Array(text.utf8)
    let date = digits[0..<4] + [UInt8(ascii: "-")] + digits[4..<6] + [UInt8(ascii: "-")] + digits[6..<8]
    return Array(date).withUnsafeBytes(BinaryDate.isDate) && "12".utf8.contains(digits[14])
  }

  private static func isNIK(_ text: String) -> Bool {
    guard let day = Int(text.dropFirst(6).prefix(2)), let month = Int(text.dropFirst(8).prefix(2)) else { return false }
    return (1...31).contains(day > 40 ? day - 40 : day) && (1...12).contains(month)
  }

  private static func isPhone(_ text: String) -> Bool {
    let rest = text.hasPrefix("+62") ? text.dropFirst(3) : text.hasPrefix("0") ? text.dropFirst(1) : Substring()
    return rest.hasPrefix("8") && (8...13).contains(rest.count) && rest.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }
}

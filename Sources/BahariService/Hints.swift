import BahariCatalog
import BahariFrame

/// A warning of a reply: a value that is unusual but was accepted.
struct Remark: Equatable {
  let field: String
  let description: String

  func encode(_ number: UInt32, into writer: WireWriter) {
    writer.field(number) {
      writer.field(1, string: field)
      writer.field(2, string: description)
    }
  }
}

/// A hint that compares the written row with rows of other tables. PostgreSQL evaluates it in the write's statement.
struct RelatedHint: Sendable {
  let remark: Remark
  let condition: @Sendable (ColumnSQL) -> String

  static func all(_ parts: SchemaCheck.Parts) -> [RelatedHint] {
    parts.table.hints.flatMap { hint -> [RelatedHint] in
      guard case .agrees(let columns, let shared) = hint else { return [] }
      return columns.compactMap { column in
        guard let key = parts.live.foreignKey(of: column), let target = key.targetColumns.first else { return nil }
        let remark = Remark(field: column, description: "refers to a row with another \(shared)")
        return RelatedHint(remark: remark) { value in
          "NOT EXISTS (SELECT FROM \(SQL.table(key.target)) AS o WHERE o.\(SQL.quote(target)) = \(value(column)) "
            + "AND o.\(SQL.quote(shared)) <> \(value(shared)))"
        }
      }
    }
  }
}

/// The hints that need only the values of the request.
enum Hints {
  static func remarks(_ input: RowInput, _ resource: Resource) -> [Remark] {
    resource.table.hints.compactMap { hint in
      guard let column = hint.columns.first, let text = input.text(of: column, resource),
        let description = deviation(hint, text)
      else { return nil }
      return Remark(field: column, description: description)
    }
  }

  /// How `text` differs from a usual value; nil if it does not.
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

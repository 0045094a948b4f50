/// A description of a column's usual values. An unusual value is accepted, and the reply has a warning.
package enum Hint: Sendable {
  /// The column's value is usually one of these, but other values can be correct.
  case usually(String, [String])
  /// The column's value is usually a number in this range.
  case between(String, ClosedRange<Double>)
  /// The column's text usually consists of this number of digits.
  case digits(String, Int)
  /// The column's text is usually a civil servant's number (NIP): 18 digits that begin with the birth date and include
  /// the sex (1 man, 2 woman).
  case nip(String)
  /// The column's text is usually a citizen's number (NIK): 16 digits that include the birth date, with 40 added to the
  /// day for women.
  case nik(String)
  /// The column's text is usually an Indonesian mobile number.
  case phone(String)
  /// The columns are foreign keys. The rows that they refer to usually have the same value in the column `on` as this
  /// row.
  case agrees([String], on: String)

  /// The columns whose values the hint describes.
  package var columns: [String] {
    switch self {
    case .usually(let column, _), .between(let column, _), .digits(let column, _), .nip(let column),
      .nik(let column), .phone(let column):
      [column]
    case .agrees(let columns, let shared): columns + [shared]
    }
  }
}

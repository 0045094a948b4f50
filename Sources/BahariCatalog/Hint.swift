/// A description of usual values. An unusual value is written nevertheless, and the reply has a warning.
package enum Hint: Sendable {
  /// Usually one of these values, but the list is not closed.
  case usually(String, [String])
  /// Usually a number in this range.
  case between(String, ClosedRange<Double>)
  /// Usually this number of digits, and nothing else.
  case digits(String, Int)
  /// Usually a civil servant's number (NIP): 18 digits, which begin with the birth date and include the sex (1 man,
  /// 2 woman).
  case nip(String)
  /// Usually a citizen's number (NIK): 16 digits that include the birth date, with 40 added to the day for women.
  case nik(String)
  /// Usually an Indonesian mobile number.
  case phone(String)
  /// The rows that these columns refer to usually have the same value in the column `on` as this row.
  case agrees([String], on: String)

  /// The columns that the hint is about.
  package var columns: [String] {
    switch self {
    case .usually(let column, _), .between(let column, _), .digits(let column, _), .nip(let column),
      .nik(let column), .phone(let column):
      [column]
    case .agrees(let columns, let shared): columns + [shared]
    }
  }
}

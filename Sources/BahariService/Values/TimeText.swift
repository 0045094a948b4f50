/// Parses a time as callers write it in filters.
///
/// The form is `YYYY-MM-DD`, optionally followed by `T` or a space and `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`, and
/// then optionally by `Z` or an offset `+HH`, `+HHMM` or `+HH:MM`. Without an offset it is UTC, as all times of the
/// database are. It is parsed here because PostgreSQL ignores an offset in a timestamp without time zone.
struct TimeText {
  private var rest: UnsafeRawBufferPointer.SubSequence

  /// Microseconds since 2000-01-01 UTC; nil if the text is malformed or outside the years 1 to 9999.
  static func microseconds(_ text: UnsafeRawBufferPointer) -> Int64? {
    guard text.count >= 10, let days = BinaryDate.daysSince1970(UnsafeRawBufferPointer(rebasing: text[..<10])) else {
      return nil
    }
    var reader = TimeText(rest: text[10...])
    guard let seconds = reader.clock(), let nanoseconds = reader.fraction(), let offset = reader.offset(),
      reader.rest.isEmpty
    else { return nil }
    return BinaryDate.microseconds(seconds: Int64(days * 86_400 + seconds - offset), nanoseconds: nanoseconds)
  }

  private mutating func skip(_ characters: StaticString) -> UInt8? {
    guard let next = rest.first,
      UnsafeBufferPointer(start: characters.utf8Start, count: characters.utf8CodeUnitCount).contains(next)
    else { return nil }
    rest = rest.dropFirst()
    return next
  }

  /// Parses a number of two digits that is below `limit`.
  private mutating func pair(below limit: Int) -> Int? {
    let digits = rest.prefix(2)
    guard digits.count == 2, digits.allSatisfy(TimeText.isDigit) else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard number < limit else { return nil }
    rest = rest.dropFirst(2)
    return number
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Parses the time of day and returns it in seconds; 0 if there is none.
  private mutating func clock() -> Int? {
    guard !rest.isEmpty else { return 0 }
    guard skip("T ") != nil, let hour = pair(below: 24), skip(":") != nil, let minute = pair(below: 60) else {
      return nil
    }
    guard skip(":") != nil else { return hour * 3_600 + minute * 60 }
    return pair(below: 60).map { hour * 3_600 + minute * 60 + $0 }
  }

  /// Parses the fraction of a second and returns it in nanoseconds; 0 if there is none.
  private mutating func fraction() -> Int32? {
    guard skip(".") != nil else { return 0 }
    let digits = rest.prefix(while: TimeText.isDigit)
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let number = digits.reduce(0) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
    return (digits.count..<9).reduce(number) { number, _ in number * 10 }
  }

  /// Parses the offset from UTC and returns how many seconds it is ahead; 0 if there is none.
  private mutating func offset() -> Int? {
    guard let sign = skip("Z+-") else { return 0 }
    if sign == UInt8(ascii: "Z") { return 0 }
    // Offsets in use today reach from -12 to +14 hours; PostgreSQL also accepts historical ones of less than 16 hours.
    guard let hours = pair(below: 16) else { return nil }
    var minutes = 0
    if !rest.isEmpty {
      _ = skip(":")
      guard let given = pair(below: 60) else { return nil }
      minutes = given
    }
    let seconds = hours * 3_600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }
}

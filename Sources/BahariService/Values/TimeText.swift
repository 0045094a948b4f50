/// A moment as callers write it in filters, to PostgreSQL's microseconds since 2000, UTC.
///
/// `YYYY-MM-DD`, then perhaps `T` or a space and `HH:MM`, `HH:MM:SS` or `HH:MM:SS.ffffff`, then perhaps `Z` or an
/// offset `+HH`, `+HHMM` or `+HH:MM`. Without one it is UTC, as all times of the database are. PostgreSQL would take
/// the zone for no part of a timestamp and drop it.
struct TimeText {
  private var rest: UnsafeRawBufferPointer.SubSequence

  /// Nil for anything else, and for moments outside the years 1 to 9999.
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

  /// Two digits below `limit`.
  private mutating func pair(below limit: Int) -> Int? {
    let digits = rest.prefix(2)
    guard digits.count == 2, digits.allSatisfy(TimeText.isDigit) else { return nil }
    let number = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    guard number < limit else { return nil }
    rest = rest.dropFirst(2)
    return number
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  /// Seconds of the day; none is its beginning.
  private mutating func clock() -> Int? {
    guard !rest.isEmpty else { return 0 }
    guard skip("T ") != nil, let hour = pair(below: 24), skip(":") != nil, let minute = pair(below: 60) else {
      return nil
    }
    guard skip(":") != nil else { return hour * 3_600 + minute * 60 }
    return pair(below: 60).map { hour * 3_600 + minute * 60 + $0 }
  }

  /// Nanoseconds behind a point.
  private mutating func fraction() -> Int32? {
    guard skip(".") != nil else { return 0 }
    let digits = rest.prefix(while: TimeText.isDigit)
    guard (1...9).contains(digits.count) else { return nil }
    rest = rest.dropFirst(digits.count)
    let number = digits.reduce(0) { $0 * 10 + Int32($1 - UInt8(ascii: "0")) }
    return (digits.count..<9).reduce(number) { number, _ in number * 10 }
  }

  /// Seconds that the zone is ahead of UTC. A day without a time has none.
  private mutating func offset() -> Int? {
    guard let sign = skip("Z+-") else { return 0 }
    if sign == UInt8(ascii: "Z") { return 0 }
    // The farthest zones are 14 hours ahead and 12 behind; PostgreSQL knows historical ones to 16.
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

import BahariClient

/// Reads standard input line by line.
final class InputLines {
  private var rest: [UInt8] = []
  private var place = 0
  private var atEnd = false
  /// The maximum length of a line in bytes; a line that names a row, such as `kapal/12`, is shorter.
  private static let longest = 4_096

  func next() throws -> String? {
    while true {
      if let end = rest[place...].firstIndex(of: 0x0a) {
        defer { place = end + 1 }
        return String(decoding: rest[place..<end], as: UTF8.self)
      }
      rest.removeFirst(place)
      place = 0
      guard rest.count <= Self.longest else {
        throw Failure(.invalidArgument, "standard input has a line that is too long to name a row")
      }
      if atEnd {
        guard !rest.isEmpty else { return nil }
        defer { rest = [] }
        return String(decoding: rest, as: UTF8.self)
      }
      let input = try InputFile("-")
      let room = try [UInt8](unsafeUninitializedCapacity: Self.longest) { buffer, count in
        count = try input.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      atEnd = room.isEmpty
      rest += room
    }
  }
}

import TestSupport
import Testing

@testable import BahariPostgres

/// Arrays in PostgreSQL's binary form, byte by byte; `SessionTests` has PostgreSQL read them.
@Suite("Array parameters", .onServer) struct ArrayParameterTests {
  private func encoded(_ array: ArrayParameter) -> [UInt8] {
    var bytes: [UInt8] = []
    array.encode(into: &bytes)
    return bytes
  }

  @Test("an empty array has no dimension") func empty() {
    #expect(encoded(ArrayParameter(of: .int8)) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20])
  }

  @Test("elements with their lengths, NULL with -1") func elements() {
    var array = ArrayParameter(of: .int4)
    array.append(Int32(1))
    array.appendNull()
    array.append(Int32(-2))
    #expect(array.count == 3)
    #expect(
      encoded(array) == [
        0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 23, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 1, 255, 255, 255, 255, 0, 0,
        0, 4, 255, 255, 255, 254,
      ])
  }

  @Test("texts as their bytes") func texts() {
    var array = ArrayParameter(of: .text)
    array.append(text: "é")
    array.append(text: "")
    #expect(
      encoded(array) == [
        0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0xc3, 0xa9, 0, 0, 0, 0,
      ])
  }
}

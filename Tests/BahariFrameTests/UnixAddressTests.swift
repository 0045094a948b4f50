import BahariFrame
import Testing

@Suite("Unix address") struct UnixAddressTests {
  @Test("a path has 1 to 107 bytes", arguments: [0, 1, 107, 108]) func longestPath(bytes: Int) {
    #expect((UnixAddress(String(repeating: "x", count: bytes)) != nil) == (1...107).contains(bytes))
  }

  @Test("a path has no NUL, which would end it") func nul() { #expect(UnixAddress("a\0b") == nil) }
}

import BahariFrame
import TestSupport
import Testing

extension Watched {
  /// Readers of exports that stop reading.
  @Suite(.served("slow_readers")) struct SlowReaders {
    private let exports: Exports

    init() async throws { exports = try await Exports() }

    @Test("A reader that stops costs little memory, and delays no other client")
    func stoppedReader() async throws {
      let warm = try exports.daemon.connect()
      try warm.request(1, "Desa/Export", try exports.request())
      try exports.expectAll(warm)
      let before = try exports.daemon.child.residentKiB
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      try await exports.stalled(1)
      let after = try exports.daemon.child.residentKiB
      #expect(after < before + 8_192, "from \(before) to \(after) KiB, with an export of 35 MB unread")
      let other = try exports.daemon.connect()
      for _ in 0..<200 {
        #expect(try other.call("Provinsi/Get", Bytes.get(11)).status == nil)
        #expect(try other.call("Kabupaten/List", []).status == nil)
      }
      try exports.expectAll(wire)
    }

    @Test("A half-closed reader that reads nothing costs no processor time, and can go on")
    func halfClosedReader() async throws {
      let wire = try exports.daemon.connect()
      try wire.request(1, "Desa/Export", try exports.request())
      wire.finishSending()
      let first = try wire.frames(1)
      try await exports.stalled(1)
      let idle = try exports.daemon.connect()
      let before = try exports.daemon.child.ticks
      #expect(idle.isSilent(forMilliseconds: 1_500))
      let after = try exports.daemon.child.ticks
      // A source that fires without pause would take 150.
      #expect(after - before <= 15, "\(after - before) ticks while nothing was read")
      try exports.expectAll(wire, from: first)
      #expect(try wire.frame() == nil)
    }
  }
}

import BahariClient
import BahariFrame
import SwiftProtobuf
import TestSupport
import Testing

@testable import BahariMessage

/// Any bytes are either read or refused with a reason. The scan must not accept bytes that unpack refuses: that would
/// surface as an error about memory.
@Suite("Hostile messages") struct HostileMessageTests {
  /// Whether the bytes were read; throws if the scan accepted them and unpack did not.
  private func survives(_ bytes: [UInt8], _ type: MessageDescriptor) throws -> Bool {
    do {
      let message = try read(bytes, as: type)
      if type == (try Types.batch()) { _ = try? Bahari_V1_BatchUpsertDesaRequest(reading: message) }
      return true
    } catch MessageError.tooLarge {
      throw Unpacked(bytes: bytes)
    } catch is MessageError {
      return false
    }
  }

  private struct Unpacked: Error, CustomStringConvertible {
    let bytes: [UInt8]
    var description: String { "the scan accepts and unpack refuses \(bytes)" }
  }

  @Test("20,000 random byte strings are read or refused") func random() throws {
    let types = [try Types.batch(), try Types.list(), try Types.create(), try Types.input("Desa", "Get")]
    var random = Seeded(21)
    var count = 0
    for round in 0..<20_000 {
      if try survives(random.bytes(Int.random(in: 0...48, using: &random)), types[round % types.count]) { count += 1 }
    }
    #expect(count > 100 && count < 15_000)
  }

  @Test("20,000 requests with bytes changed, removed and inserted are read or refused") func mutated() throws {
    let type = try Types.batch()
    var random = Seeded(22)
    var count = 0
    for _ in 0..<20_000 {
      var bytes = try Bahari_V1_BatchUpsertDesaRequest.random(using: &random).serializedBytes() as [UInt8]
      for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
        let place = Int.random(in: bytes.indices, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.remove(at: place)
        }
      }
      if try survives(bytes, type) { count += 1 }
    }
    #expect(count > 1_000 && count < 19_000)
  }

  @Test("varints that are longer than necessary are read") func longVarints() throws {
    let type = try Types.batch()
    // dry_run = 1 with a tag of 6 bytes; a row with a length of 6 bytes; request_id with one of 10.
    let long: [[UInt8]] = [
      [0xa8, 0x80, 0x80, 0x80, 0x80, 0x00, 0x01], [0x0a, 0x82, 0x80, 0x80, 0x80, 0x80, 0x00, 0x08, 0x01],
      [0x22, 0x81, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00, 0x41],
    ]
    for bytes in long { #expect(throws: Never.self) { _ = try survives(bytes, type) } }
  }
}

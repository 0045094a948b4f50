import BahariFrame
import Testing

@testable import BahariMessage

/// The message types that these tests read.
enum Types {
  static func input(_ service: String, _ method: String) throws -> MessageDescriptor {
    try #require(Descriptors.service("bahari.v1.\(service)Service")?.method(method)?.input)
  }

  static func list() throws -> MessageDescriptor { try input("Desa", "List") }
  static func batch() throws -> MessageDescriptor { try input("Desa", "BatchUpsert") }
  static func create() throws -> MessageDescriptor { try input("Desa", "Create") }
}

/// What `body` writes into a fresh writer.
func written(_ body: (WireWriter) -> Void) -> [UInt8] {
  let writer = WireWriter(capacity: 64)
  body(writer)
  return Array(writer.bytes)
}

/// The message of `bytes`, read from a copy of exactly that size, so that a read past their end is one past an
/// allocation.
func read(
  _ bytes: some Collection<UInt8>, as type: MessageDescriptor, limits: ScanLimits = ScanLimits(), cap: Int = 64 << 20
) throws(MessageError) -> Message {
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  return try Message(UnsafeRawBufferPointer(copy), as: type, limits: limits, cap: cap)
}

/// Why `bytes` are refused: the path and the sentence; nil when they are read.
func refusal(
  _ bytes: [UInt8], as type: MessageDescriptor, limits: ScanLimits = ScanLimits()
) -> (path: String, text: String)? {
  do {
    _ = try read(bytes, as: type, limits: limits)
    return nil
  } catch {
    switch error {
    case .malformed(let path, let text): return (path.joined(separator: "."), text)
    case .tooLarge(let limit): return ("", "takes more than \(limit)")
    }
  }
}

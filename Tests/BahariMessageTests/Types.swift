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

/// The bytes that `body` writes.
func written(_ body: (WireWriter) -> Void) -> [UInt8] {
  let writer = WireWriter(capacity: 64)
  body(writer)
  return Array(writer.bytes)
}

/// Unpacks `bytes` from a copy of exactly their size, so that a read past the end is a read past an allocation, which
/// sanitizers detect.
func read(
  _ bytes: some Collection<UInt8>, as type: MessageDescriptor, limits: ScanLimits = ScanLimits(), cap: Int = 64 << 20
) throws(MessageError) -> Message {
  let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
  defer { copy.deallocate() }
  copy.copyBytes(from: bytes)
  return try Message(UnsafeRawBufferPointer(copy), as: type, limits: limits, cap: cap)
}

/// The path and the sentence of the error for `bytes`; nil if they are read.
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

import BahariFrame
import CProtobuf
import Glibc

/// A message unpacked by protobuf-c, or a message nested in it. Every value keeps the memory of the outermost message
/// alive.
///
/// `text` returns a pointer into that memory. The pointer is valid as long as a `Message` of the same outermost message
/// exists.
package struct Message {
  package let descriptor: MessageDescriptor
  /// The path of the first unknown field in the outermost message, such as `data.39`; nil if all fields are known.
  package let unknownField: String?
  private let base: UnsafeRawPointer
  private let arena: Arena

  /// Scans `bytes` and unpacks them. `cap` limits the memory of the unpacked message, in bytes.
  package init(
    _ bytes: UnsafeRawBufferPointer, as descriptor: MessageDescriptor, limits: ScanLimits = ScanLimits(),
    cap: Int = 64 << 20
  ) throws(MessageError) {
    let scan: Scan
    do {
      scan = try Scan.run(bytes, descriptor, limits: limits)
    } catch {
      throw .malformed(path: error.path, error.description)
    }
    let arena = Arena(expected: bytes.count * 2 + descriptor.raw.pointee.sizeof_message, cap: cap)
    let unpacked = arena.withAllocator { allocator in
      protobuf_c_message_unpack(
        descriptor.raw, allocator, bytes.count, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    }
    // `Scan` has refused everything else that protobuf-c would refuse, so the only possible cause is the limit on
    // memory.
    guard let unpacked else { throw .tooLarge(limit: cap) }
    self.descriptor = descriptor
    self.arena = arena
    unknownField = scan.unknownField
    base = UnsafeRawPointer(unpacked)
  }

  private init(nested base: UnsafeRawPointer, _ descriptor: MessageDescriptor, in outer: Message) {
    self.descriptor = descriptor
    unknownField = outer.unknownField
    self.base = base
    arena = outer.arena
  }

  // MARK: Presence

  package func has(_ field: FieldDescriptor) -> Bool {
    if field.isRepeated { return count(field) > 0 }
    switch field.kind {
    case .string, .message: return pointer(field) != nil
    default: return base.load(fromByteOffset: field.quantifierOffset, as: protobuf_c_boolean.self) != 0
    }
  }

  package func count(_ field: FieldDescriptor) -> Int {
    base.load(fromByteOffset: field.quantifierOffset, as: Int.self)
  }

  // MARK: Single values, meaningful only if `has` is true

  package func int32(_ field: FieldDescriptor) -> Int32 { base.load(fromByteOffset: field.offset, as: Int32.self) }

  package func int64(_ field: FieldDescriptor) -> Int64 { base.load(fromByteOffset: field.offset, as: Int64.self) }

  package func double(_ field: FieldDescriptor) -> Double { base.load(fromByteOffset: field.offset, as: Double.self) }

  package func bool(_ field: FieldDescriptor) -> Bool {
    base.load(fromByteOffset: field.offset, as: protobuf_c_boolean.self) != 0
  }

  package func text(_ field: FieldDescriptor) -> UnsafeRawBufferPointer? { pointer(field).map(Message.cString) }

  package func string(_ field: FieldDescriptor) -> String? {
    text(field).map { String(decoding: $0, as: UTF8.self) }
  }

  package func message(_ field: FieldDescriptor) -> Message? {
    guard let nested = pointer(field), let type = field.message else { return nil }
    return Message(nested: nested, type, in: self)
  }

  // MARK: Lists

  package func int64s(_ field: FieldDescriptor) -> [Int64] {
    guard let list = pointer(field) else { return [] }
    return (0..<count(field)).map { list.load(fromByteOffset: $0 * MemoryLayout<Int64>.size, as: Int64.self) }
  }

  package func strings(_ field: FieldDescriptor) -> [String] {
    elements(field) { String(decoding: Message.cString($0), as: UTF8.self) }
  }

  package func messages(_ field: FieldDescriptor) -> [Message] {
    guard let type = field.message else { return [] }
    return elements(field) { Message(nested: $0, type, in: self) }
  }

  // MARK: Memory

  private func pointer(_ field: FieldDescriptor) -> UnsafeRawPointer? {
    base.load(fromByteOffset: field.offset, as: UnsafeRawPointer?.self)
  }

  private func elements<T>(_ field: FieldDescriptor, _ transform: (UnsafeRawPointer) -> T) -> [T] {
    guard let list = pointer(field) else { return [] }
    return (0..<count(field)).compactMap { index in
      list.load(fromByteOffset: index * MemoryLayout<UnsafeRawPointer>.size, as: UnsafeRawPointer?.self)
        .map(transform)
    }
  }

  private static func cString(_ start: UnsafeRawPointer) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: start, count: strlen(start.assumingMemoryBound(to: CChar.self)))
  }
}

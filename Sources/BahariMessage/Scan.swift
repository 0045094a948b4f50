import BahariFrame

/// Validates a message's bytes against its descriptor, without unpacking them.
///
/// Runs before protobuf-c's unpack function, which does not limit depth or number of elements, does not check UTF-8,
/// and truncates strings at a NUL byte.
package struct Scan {
  /// The path of the first field that the descriptor does not define, such as `data.39`; nil if there is none.
  package private(set) var unknownField: String?
  private var elements = 0
  private let limits: ScanLimits
  private var path: [String] = []

  private init(limits: ScanLimits) { self.limits = limits }

  package static func run(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: MessageDescriptor, limits: ScanLimits
  ) throws(ScanError) -> Scan {
    var scan = Scan(limits: limits)
    do {
      try scan.walk(bytes, descriptor, depth: 1)
    } catch {
      var located = error
      located.path = scan.path
      throw located
    }
    return scan
  }

  private mutating func walk(
    _ bytes: UnsafeRawBufferPointer, _ descriptor: MessageDescriptor, depth: Int
  ) throws(ScanError) {
    guard depth <= limits.depth else { throw ScanError("messages nest deeper than \(limits.depth)") }
    var reader = WireReader(bytes)
    while let (number, value) = try next(&reader) {
      try count(1)
      guard let field = descriptor.field(number: number) else {
        if unknownField == nil { unknownField = (path + ["\(number)"]).joined(separator: ".") }
        continue
      }
      // For speed the path is extended only for nested messages and errors: every call's request is scanned, and each
      // name in the path allocates a String.
      if field.kind == .message, case .bytes(let nested) = value, let type = field.message {
        path.append(field.name)
        try walk(nested, type, depth: depth + 1)
        path.removeLast()
      } else if let fault = try check(value, field) {
        path.append(field.name)
        throw fault
      }
    }
  }

  private func next(_ reader: inout WireReader) throws(ScanError) -> (number: UInt32, value: WireValue)? {
    do { return try reader.next() } catch { throw ScanError(error.description) }
  }

  private mutating func count(_ more: Int) throws(ScanError) {
    elements += more
    guard elements <= limits.elements else {
      throw ScanError("the message has more than \(limits.elements) fields and elements; split it")
    }
  }

  private mutating func check(_ value: WireValue, _ field: FieldDescriptor) throws(ScanError) -> ScanError? {
    switch (field.kind, value) {
    case (.int32, .varint), (.int64, .varint), (.bool, .varint), (.enumeration, .varint), (.double, .fixed64),
      (.bytes, .bytes):
      return nil
    case (.string, .bytes(let text)):
      return Scan.fault(inText: text)
    case (_, .bytes(let packed)) where field.isRepeated && !field.kind.isLengthDelimited:
      return try checkPacked(packed, field)
    default:
      return ScanError("has wire type \(value.type), which is not that of \(field.kind)")
    }
  }

  private mutating func checkPacked(
    _ bytes: UnsafeRawBufferPointer, _ field: FieldDescriptor
  ) throws(ScanError) -> ScanError? {
    if field.kind == .double {
      try count(bytes.count / 8)
      return bytes.count % 8 == 0 ? nil : ScanError("ends within a number")
    }
    var reader = WireReader(bytes)
    while !reader.atEnd {
      try count(1)
      do { _ = try reader.varint() } catch { return ScanError(error.description) }
    }
    return nil
  }

  private static func fault(inText text: UnsafeRawBufferPointer) -> ScanError? {
    // Nearly all texts are ASCII, which this loop detects. Only other texts need the full check for valid UTF-8.
    var bits: UInt8 = 0
    var hasNUL = false
    for byte in text {
      bits |= byte
      hasNUL = hasNUL || byte == 0
    }
    if hasNUL { return ScanError("contains a NUL character, which PostgreSQL cannot store") }
    if bits < 0x80 { return nil }
    return String(validating: text, as: UTF8.self) == nil ? ScanError("is not UTF-8") : nil
  }
}

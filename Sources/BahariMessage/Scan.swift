import BahariFrame

/// What a message may cost, checked before any of it is unpacked.
package struct ScanLimits: Sendable {
  /// How deep messages may nest; the outermost is 1.
  package var depth = 16
  /// How many fields and list elements a message may hold, nested ones included.
  package var elements = 200_000

  package init() {}
}

/// Why a message is refused, and where: `data.name`.
package struct ScanError: Error, Equatable, CustomStringConvertible {
  package var path: [String]
  package var description: String

  fileprivate init(_ description: String) {
    path = []
    self.description = description
  }
}

/// One walk over a message's bytes, guided by its descriptor.
///
/// protobuf-c's unpack has no limit on depth or number of elements, does not check UTF-8, and cuts a string
/// at a NUL; so everything is checked here first.
package struct Scan {
  /// The first field that no descriptor knows: `data.39`.
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
      // The path is kept only where it can be needed: names are made of C strings, and this is on every call's way.
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
      throw ScanError("the message holds more than \(limits.elements) fields and elements; send it in parts")
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
      return ScanError("is of wire type \(value.type), which is not \(field.kind)'s")
    }
  }

  private mutating func checkPacked(
    _ bytes: UnsafeRawBufferPointer, _ field: FieldDescriptor
  ) throws(ScanError) -> ScanError? {
    if field.kind == .double {
      try count(bytes.count / 8)
      return bytes.count % 8 == 0 ? nil : ScanError("holds a part of a number")
    }
    var reader = WireReader(bytes)
    while !reader.atEnd {
      try count(1)
      do { _ = try reader.varint() } catch { return ScanError(error.description) }
    }
    return nil
  }

  private static func fault(inText text: UnsafeRawBufferPointer) -> ScanError? {
    // Short ASCII is what nearly all texts are; anything else takes the full check.
    var bits: UInt8 = 0
    var hasNUL = false
    for byte in text {
      bits |= byte
      hasNUL = hasNUL || byte == 0
    }
    if hasNUL { return ScanError("holds a NUL character, which PostgreSQL cannot store; take it out") }
    if bits < 0x80 { return nil }
    return String(validating: text, as: UTF8.self) == nil ? ScanError("is not UTF-8") : nil
  }
}

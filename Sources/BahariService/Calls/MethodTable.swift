import BahariCatalog
import BahariMessage
import Glibc

/// All methods that the daemon serves, found by the names of service and method.
struct MethodTable: Sendable {
  /// The definition from which a served method was made.
  enum Origin: Sendable {
    /// A method of a table; the number is the table's index in the catalog.
    case table(Int, Method)
    /// A report; the number is its index in `Report.all(of:)`.
    case report(Int)
    case daemon(DaemonMethod)
  }

  private struct Entry {
    let service: [UInt8]
    let name: [UInt8]
    let place: Int
  }

  private static let bucketCount = 1024
  /// All methods by a hash of their names. The names are kept as bytes, so that they can be compared with the names in
  /// a received frame without making strings.
  private var buckets: [[Entry]] = Array(repeating: [], count: bucketCount)
  private var services: Set<String> = []
  private(set) var methods: [BoundMethod] = []
  /// The origin of each method, in the order of `methods`.
  private(set) var origins: [Origin] = []

  init(_ tables: [Table]) {
    for (index, table) in tables.enumerated() {
      for declared in table.serviceDescriptor?.methods ?? [] {
        guard let method = Method.named(declared.name) else { continue }
        add(
          table.service, declared, method.effect, method.deadline,
          method.sentence.replacing("{}", with: table.resource.replacing("_", with: " ")), .table(index, method))
      }
    }
    for (index, report) in Report.all(of: tables).enumerated() {
      add(report.service, report.method, .reads, .list, report.message, .report(index))
    }
    for method in DaemonMethod.all {
      add(method.service, method.name, .reads, .point, method.sentence, .daemon(method))
    }
  }

  private mutating func add(
    _ service: String, _ name: String, _ effect: Effect, _ deadline: DeadlineClass, _ sentence: String, _ origin: Origin
  ) {
    guard let declared = Descriptors.service(service)?.method(name) else { return }
    add(service, declared, effect, deadline, sentence, origin)
  }

  private mutating func add(
    _ service: String, _ declared: MethodDescriptor, _ effect: Effect, _ deadline: DeadlineClass, _ sentence: String,
    _ origin: Origin
  ) {
    let entry = Entry(service: Array(service.utf8), name: Array(declared.name.utf8), place: methods.count)
    methods.append(
      BoundMethod(
        service: service, name: declared.name, place: methods.count, effect: effect, deadline: deadline,
        input: declared.input, reply: ReplyShape(declared.output, message: sentence)))
    origins.append(origin)
    let bucket = entry.service.withUnsafeBytes { service in
      entry.name.withUnsafeBytes { MethodTable.bucket(service, $0) }
    }
    buckets[bucket].append(entry)
    services.insert(service)
  }

  func has(service: String) -> Bool { services.contains(service) }

  /// The index in `methods` of the method with these names; nil if the daemon does not serve it.
  func place(_ service: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Int? {
    for entry in buckets[MethodTable.bucket(service, name)]
    where MethodTable.same(entry.name, name) && MethodTable.same(entry.service, service) { return entry.place }
    return nil
  }

  private static func same(_ name: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard name.count == bytes.count else { return false }
    return name.withUnsafeBytes { left in
      guard let left = left.baseAddress, let right = bytes.baseAddress else { return true }
      return memcmp(left, right, name.count) == 0
    }
  }

  /// Hashes both names, eight bytes at a time, to an index in `buckets`. Callers cannot add collisions, because only
  /// the daemon's own methods are in the table.
  private static func bucket(_ service: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0
    mix(service, into: &hash)
    mix(name, into: &hash)
    return Int(hash % UInt64(bucketCount))
  }

  private static func mix(_ name: UnsafeRawBufferPointer, into hash: inout UInt64) {
    func mix(_ word: UInt64) {
      hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
      hash ^= hash >> 29
    }
    var at = 0
    while at + 8 <= name.count {
      mix(name.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var rest = UInt64(name.count)
    for byte in name[at...] { rest = rest << 8 | UInt64(byte) }
    mix(rest)
  }
}

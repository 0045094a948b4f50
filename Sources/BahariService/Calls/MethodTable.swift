import BahariCatalog
import BahariMessage
import Glibc

/// Every method that is served, found by service and name.
struct MethodTable: Sendable {
  /// Where a method is described.
  enum Origin: Sendable {
    /// One of a table; the number is the table's place in the catalog.
    case table(Int, Method)
    /// A report; the number is its place among the reports of the tables.
    case report(Int)
    case daemon(DaemonMethod)
  }

  private struct Entry {
    let service: [UInt8]
    let name: [UInt8]
    let place: Int
  }

  private static let bucketCount = 1024
  /// By a hash of the names' bytes, so that a call's names are compared where they lie in the frame.
  private var buckets: [[Entry]] = Array(repeating: [], count: bucketCount)
  private var services: Set<String> = []
  private(set) var methods: [BoundMethod] = []
  /// By the methods' places.
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

  /// The method's place; nil for one that is not served.
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

  /// A hash of the names by words of eight bytes. Nobody gains by collisions: the table is fixed when the daemon starts.
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

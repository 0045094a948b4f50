import BahariCatalog
import BahariMessage
import Glibc

/// What a method does, by its name: the same name does the same on every service.
enum Operation: String, Sendable, CaseIterable {
  case get = "Get"
  case list = "List"
  case listWithRelations = "ListWithRelations"
  case create = "Create"
  case update = "Update"
  case delete = "Delete"
  case batchUpsert = "BatchUpsert"
  case export = "Export"
  case checkIn = "CheckIn"
  case checkOut = "CheckOut"

  static let onEveryTable: [Operation] = [.get, .list, .create, .update, .delete, .batchUpsert, .export]

  var changesData: Bool {
    switch self {
    case .get, .list, .listWithRelations, .export: false
    case .create, .update, .delete, .batchUpsert, .checkIn, .checkOut: true
    }
  }
}

/// Where a call goes.
enum Target: Sendable {
  /// An operation on a table; the index is its place in the catalog.
  case table(Int, Operation)
  /// A report; the index is its place among those of the tables.
  case report(Int)
  case descriptor
  case stats
  case health
}

struct Route: Sendable {
  /// service/method, for messages.
  let name: String
  /// Its place among all methods.
  let place: Int
  let target: Target
  let input: MessageDescriptor
}

/// Every method that is served, by service and name.
struct MethodTable: Sendable {
  private struct Entry {
    let service: [UInt8]
    let method: [UInt8]
    let route: Route
  }

  private static let bucketCount = 1024
  /// By a hash of the names' bytes: a call's names are compared where they lie in the frame.
  private var buckets: [[Entry]] = Array(repeating: [], count: bucketCount)
  private var services: Set<String> = []
  /// service/method of each, by its place.
  private(set) var names: [String] = []

  init(_ tables: [Table]) {
    for (index, table) in tables.enumerated() {
      for method in table.serviceDescriptor?.methods ?? [] {
        guard let operation = Operation(rawValue: method.name) else { continue }
        add(table.service, method, .table(index, operation))
      }
    }
    for (index, report) in Report.all(of: tables).enumerated() {
      let service = Descriptors.service("bahari.v1.\(report.entity)Service")
      guard let service, let method = service.method(report.method) else { continue }
      add(service.name, method, .report(index))
    }
    let own: [(String, Target)] = [
      ("bahari.v1.DescriptorService", .descriptor), ("bahari.v1.StatsService", .stats),
      ("grpc.health.v1.Health", .health),
    ]
    for (service, target) in own {
      for method in Descriptors.service(service)?.methods ?? [] { add(service, method, target) }
    }
  }

  private mutating func add(_ service: String, _ method: MethodDescriptor, _ target: Target) {
    let route = Route(name: "\(service)/\(method.name)", place: names.count, target: target, input: method.input)
    names.append(route.name)
    let entry = Entry(service: Array(service.utf8), method: Array(method.name.utf8), route: route)
    let bucket = entry.service.withUnsafeBytes { service in
      entry.method.withUnsafeBytes { MethodTable.bucket(service, $0) }
    }
    buckets[bucket].append(entry)
    services.insert(service)
  }

  func has(service: String) -> Bool { services.contains(service) }

  func route(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Route? {
    for entry in buckets[MethodTable.bucket(service, method)]
    where MethodTable.same(entry.method, method) && MethodTable.same(entry.service, service) { return entry.route }
    return nil
  }

  private static func same(_ name: [UInt8], _ bytes: UnsafeRawBufferPointer) -> Bool {
    guard name.count == bytes.count else { return false }
    return name.withUnsafeBytes { left in
      guard let left = left.baseAddress, let right = bytes.baseAddress else { return true }
      return memcmp(left, right, name.count) == 0
    }
  }

  /// A hash of the names by words of eight bytes. It need resist nobody: the table is fixed when the daemon starts.
  private static func bucket(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Int {
    var hash: UInt64 = 0
    mix(service, into: &hash)
    mix(method, into: &hash)
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

import BahariCatalog
import BahariMessage

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

  static let onEveryTable: [Operation] = [.get, .list, .create, .update, .delete, .batchUpsert, .export]

  var changesData: Bool {
    switch self {
    case .get, .list, .listWithRelations, .export: false
    case .create, .update, .delete, .batchUpsert: true
    }
  }
}

/// Where a call goes.
enum Target: Sendable {
  /// An operation on a table; the index is its place in the catalog.
  case table(Int, Operation)
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
    buckets[MethodTable.bucket(entry.service, entry.method)].append(entry)
    services.insert(service)
  }

  func has(service: String) -> Bool { services.contains(service) }

  func route(_ service: UnsafeRawBufferPointer, _ method: UnsafeRawBufferPointer) -> Route? {
    buckets[MethodTable.bucket(service, method)].first { entry in
      entry.method.elementsEqual(method) && entry.service.elementsEqual(service)
    }?.route
  }

  /// FNV-1a of the names, which need resist nobody: the table is fixed when the daemon starts.
  private static func bucket(_ service: some Sequence<UInt8>, _ method: some Sequence<UInt8>) -> Int {
    var hash: UInt32 = 2_166_136_261
    for byte in service { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    for byte in method { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
    return Int(hash % UInt32(bucketCount))
  }
}

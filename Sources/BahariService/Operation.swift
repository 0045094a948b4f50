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

  /// For callers that name no deadline, in nanoseconds.
  var defaultDeadline: UInt64 {
    switch self {
    case .get, .create, .update, .delete: ServiceLimits.pointDeadline
    case .list, .listWithRelations: ServiceLimits.listDeadline
    case .batchUpsert, .export: ServiceLimits.batchDeadline
    }
  }
}

/// Where a call goes.
enum Target: Sendable {
  /// An operation on a table; the index is its place in the catalog.
  case table(Int, Operation)
  case descriptor
  case health
}

struct Route: Sendable {
  let target: Target
  let input: MessageDescriptor
}

/// Every method that is served, by service and name.
struct MethodTable: Sendable {
  private let services: [String: [String: Route]]

  init(_ tables: [Table]) {
    var services: [String: [String: Route]] = [:]
    for (index, table) in tables.enumerated() {
      for method in table.serviceDescriptor?.methods ?? [] {
        guard let operation = Operation(rawValue: method.name) else { continue }
        services[table.service, default: [:]][method.name] = Route(
          target: .table(index, operation), input: method.input)
      }
    }
    for (service, target) in [("bahari.v1.DescriptorService", Target.descriptor), ("grpc.health.v1.Health", .health)] {
      for method in Descriptors.service(service)?.methods ?? [] {
        services[service, default: [:]][method.name] = Route(target: target, input: method.input)
      }
    }
    self.services = services
  }

  func has(service: String) -> Bool { services[service] != nil }

  func route(_ service: String, _ method: String) -> Route? { services[service]?[method] }
}

import BahariFrame
import BahariPostgres
import TestSupport
import Testing

@testable import BahariCatalog
@testable import BahariService

extension Trait where Self == OffPool {
  /// For suites of the contract: all their tests use one database, each from its first row on.
  static var contract: OffPool { .offPool(.service, atOnce: Subject.turns) }
}

/// A table under test, in a database without other rows.
struct Subject {
  fileprivate static let turns = Turns(1)

  let bench: ServiceBench
  let resource: Resource
  let maker: RowMaker

  private init(_ bench: ServiceBench, _ table: String) throws {
    self.bench = bench
    resource = try bench.resource(table)
    maker = RowMaker(bench)
    // Faster than TRUNCATE, which makes new files for every table and index. As a replica does, without looking at
    // foreign keys, so in any order.
    let deletes = bench.resources.map { "DELETE FROM public.\($0.table.name);" }.joined(separator: " ")
    try bench.session.execute(
      """
      SET session_replication_role = replica; \(deletes) SET session_replication_role = DEFAULT;
      SELECT setval(oid::regclass, 1, false) FROM pg_class
        WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
      """)
  }

  // MARK: The database

  /// All that a new table takes, once its messages are there (this one borrows another's): a literal and a statement.
  static let madeUp = Table(
    name: "mst_jenis_lain", entity: "JenisUsaha", search: ["nama_jenis_usaha"], order: ["-created_at"],
    naturalKey: "kode_jenis_usaha", invariants: [.oneOf("kategori", ["Satu", "Dua"])])
  private static let statement = """
    CREATE TABLE public.mst_jenis_lain (
      id serial PRIMARY KEY, kode_jenis_usaha varchar(9) NOT NULL UNIQUE, nama_jenis_usaha text NOT NULL UNIQUE,
      kategori text NOT NULL, keterangan text, status_aktif boolean NOT NULL DEFAULT true,
      created_at timestamp DEFAULT now(), updated_at timestamp DEFAULT now())
    """

  private static let made = Task(executorPreference: BlockingExecutor.service) {
    try await ServiceBench("contract", Catalog.tables + [madeUp], sql: statement)
  }

  /// A table of the contract's database, from which all rows are deleted first.
  static func alone(_ table: String) async throws -> Subject { try Subject(try await made.value, table) }

  // MARK: Calls

  var table: String { resource.table.name }

  func call(_ method: BahariService.Method, _ request: Fields) async throws -> Fields {
    try await bench.exchange(table, method, request)
  }

  /// The row as the server has it.
  func create(_ number: Int) async throws -> Fields { try await maker.create(table, number) }

  func get(_ id: Int64) async throws -> Fields {
    try #require(try await call(.get, ["id": [.number(id)]]).message("data"))
  }

  func count() throws -> String? { try bench.value("SELECT count(*) FROM public.\(table)") }

  /// Expects a refusal with these codes and, where one is given, this field at fault.
  func refuses(
    _ method: BahariService.Method, _ request: Fields, _ refusal: Refusal, field: String? = nil,
    location: SourceLocation = #_sourceLocation
  ) async throws {
    do {
      let reply = try await call(method, request)
      Issue.record("\(table)/\(method.name) took \(request) and replied \(reply)", sourceLocation: location)
    } catch let status as Status {
      #expect(
        status.metadata["response_code"] == refusal.code && status.code == refusal.status, "\(status)",
        sourceLocation: location)
      #expect(field == nil || status.violations.map(\.field) == [field], "\(status)", sourceLocation: location)
    }
  }
}

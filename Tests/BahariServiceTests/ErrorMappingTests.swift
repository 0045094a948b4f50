import BahariFrame
import BahariPostgres
import TestSupport
import Testing

@testable import BahariService

/// The table from SQLSTATE to a caller's status, written out a second time.
@Suite("Error mapping", .ownDatabases) struct ErrorMappingTests {
  struct Row: Sendable {
    let states: [String]
    let effect: Effect
    let code: String
    let status: StatusCode

    init(_ states: [String], _ code: String, _ status: StatusCode, _ effect: Effect = .changes) {
      (self.states, self.effect, self.code, self.status) = (states, effect, code, status)
    }
  }

  static let table: [Row] = [
    Row(["23505"], "4090001", .alreadyExists),
    Row(["23503"], "4000001", .failedPrecondition),
    Row(["23503"], "4090000", .failedPrecondition, .deletes),
    Row(["23502"], "4000002", .invalidArgument),
    Row(["23514", "22001", "22003", "22007", "22008", "22021", "22P02"], "4000001", .invalidArgument),
    Row(["40000", "40001", "40P01"], "4090000", .aborted),
    Row(["57014"], "5040000", .deadlineExceeded, .reads),
    Row(["53300", "55P03"], "4290000", .unavailable),
    Row(["53100", "53200"], "5000002", .resourceExhausted),
    Row(["25006", "08000", "08003", "08006", "57P01", "57P02", "57P03"], "5000002", .unavailable),
    Row(["42P01", "42703", "42501", "21000", "XX000", "P0001", "0A000", ""], "5000001", .internal),
  ]

  @Test("each SQLSTATE is one error", arguments: table) func states(row: Row) {
    for state in row.states {
      let found = ErrorMapping.errorClass(SQLState(state), row.effect)
      #expect(found.responseCode == row.code, "\(state)")
      #expect(found.status == row.status, "\(state)")
    }
  }

  @Test("the ways to have no result") func failures() async throws {
    let resource = try await BoundTables.resource("Desa")
    let lost = ErrorMapping.status(.lost, .changes, resource)
    #expect(lost.code == .unavailable)
    #expect(lost.metadata["response_code"] == "5000002" && lost.metadata["table"] == "mst_desa")
    #expect(ErrorMapping.status(.unavailable, .changes, resource).code == .unavailable)
    #expect(ErrorMapping.status(.unavailable, .changes, resource).retryDelayNanoseconds != nil)
    let overloaded = ErrorMapping.status(.overloaded, .changes, resource)
    #expect(overloaded.code == .resourceExhausted && overloaded.metadata["response_code"] == "4290000")
    #expect(overloaded.retryDelayNanoseconds != nil)
    #expect(ErrorMapping.status(.abandoned, .reads, resource).code == .cancelled)
  }

  @Test("a constraint's columns are named, PostgreSQL's words are not given on") func violations() async throws {
    let resource = try await BoundTables.resource("Desa")
    let session = try await MigratedDatabase.make("errors").session()
    let reference = try #require(
      #expect(throws: PostgresError.self) { try session.query("INSERT INTO public.mst_desa VALUES (1, 404, 'x')") })
    let status = ErrorMapping.status(.refused(reference), .changes, resource)
    #expect(status.violations.map(\.field) == ["data.district_id"])
    #expect(status.violations.first?.reason == "REFERENCE_NOT_FOUND")
    #expect(status.message.contains("mst_kecamatan"))
    let missing = try #require(
      #expect(throws: PostgresError.self) { try session.query("INSERT INTO public.mst_desa VALUES (1, 404, NULL)") })
    #expect(ErrorMapping.status(.refused(missing), .changes, resource).violations.map(\.field) == ["data.name"])
    let other = try #require(#expect(throws: PostgresError.self) { try session.query("SELECT * FROM rahasia") })
    #expect(!ErrorMapping.status(.refused(other), .reads, resource).message.contains("rahasia"))
  }
}

import BahariClient
import BahariFrame
import Testing

@testable import BahariService

/// Single writes against a real database, through the repository.
@Suite("Writes", .ownDatabases) struct WriteTests {
  @Test("a delete takes other rows with it only with cascade, and its refusal counts them") func cascade() async throws
  {
    let bench = try await ServiceBench("write_cascade")
    try bench.session.execute(
      "INSERT INTO public.mst_kecamatan SELECT i, 1101, 'K' FROM generate_series(110101, 110103) AS i")
    let request = Bahari_V1_DeleteRequest.with { $0.id = 11 }
    let status = await #expect(throws: Status.self) {
      let _: Bahari_V1_ProvinsiReply = try await bench.call(request, "Provinsi", .delete)
    }
    #expect(status?.metadata["response_code"] == "4090000")
    #expect(status?.metadata["rows.mst_kabupaten"] == "1" && status?.metadata["rows.mst_kecamatan"] == "3")
    #expect(status?.metadata["outcome"] == "not_applied")
    let dry: Bahari_V1_ProvinsiReply = try await bench.call(
      Bahari_V1_DeleteRequest.with { ($0.id, $0.cascade, $0.dryRun) = (11, true, true) }, "Provinsi", .delete)
    #expect(dry.data.name == "ACEH")
    #expect(try bench.value("SELECT count(*) FROM public.mst_kecamatan") == "3")
    let _: Bahari_V1_ProvinsiReply = try await bench.call(
      Bahari_V1_DeleteRequest.with { ($0.id, $0.cascade) = (11, true) }, "Provinsi", .delete)
    #expect(try bench.value("SELECT count(*) FROM public.mst_kecamatan") == "0")
    await bench.close()
  }

  @Test("a write that names an old version is refused") func versions() async throws {
    let bench = try await ServiceBench("write_versions")
    func update(_ name: String, _ version: String) async throws -> Bahari_V1_ProvinsiReply {
      let request = Bahari_V1_UpdateProvinsiRequest.with {
        ($0.data.id, $0.data.name, $0.version) = (11, name, version)
      }
      return try await bench.call(request, "Provinsi", .update)
    }
    let read: Bahari_V1_ProvinsiReply = try await bench.call(
      Bahari_V1_GetRequest.with { $0.id = 11 }, "Provinsi", .get)
    let changed = try await update("Satu", read.data.version)
    #expect(changed.data.name == "Satu" && changed.data.version != read.data.version)
    let status = await #expect(throws: Status.self) { _ = try await update("Dua", read.data.version) }
    #expect(status?.code == .aborted && status?.metadata["response_code"] == "4090000")
    let missing = await #expect(throws: Status.self) {
      let _: Bahari_V1_ProvinsiReply = try await bench.call(
        Bahari_V1_DeleteRequest.with { ($0.id, $0.version) = (404, "1") }, "Provinsi", .delete)
    }
    #expect(missing?.code == .notFound)
    #expect(try bench.value("SELECT name FROM public.mst_provinsi WHERE id = 11") == "Satu")
    await bench.close()
  }

  @Test("a masked column that is absent becomes NULL") func masked() async throws {
    let bench = try await ServiceBench("write_masked")
    try bench.session.execute("UPDATE public.mst_provinsi SET alt_name = 'lama'")
    let request = Bahari_V1_UpdateProvinsiRequest.with {
      $0.data.id = 11
      $0.updateMask.paths = ["alt_name"]
    }
    let reply: Bahari_V1_ProvinsiReply = try await bench.call(request, "Provinsi", .update)
    #expect(!reply.data.hasAltName)
    #expect(try bench.value("SELECT alt_name FROM public.mst_provinsi WHERE id = 11") == nil)
    await bench.close()
  }
}

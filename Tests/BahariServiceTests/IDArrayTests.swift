import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

@Suite("Arrays of ids", .ownDatabases) struct IDArrayTests {
  private func ids(_ text: String) -> [Int64]? { Array(text.utf8).withUnsafeBytes { IDArray.ids($0) } }

  @Test(
    "JSON arrays of integers are read",
    arguments: [
      ("[]", []), (" [ ] ", []), ("[1]", [1]), ("[1101, 1102]", [1101, 1102]), ("\n[ 1 ,\t2\r]\n", [1, 2]),
      ("[9223372036854775807,-1]", [.max, -1]),
    ] as [(String, [Int64])])
  func arrays(_ text: String, _ expected: [Int64]) {
    #expect(ids(text) == expected)
  }

  @Test(
    "everything else is none",
    arguments: [
      "", " ", "1", "1,2", "[", "]", "[1", "1]", "[1,]", "[,1]", "[,]", "[1 2]", "[+1]", "[1.0]", "[\"1\"]", "[[1]]",
      "{}", "null", "Aceh", "[9223372036854775808]", "[1]x",
    ])
  func others(_ text: String) { #expect(ids(text) == nil) }

  @Test("written arrays are read back") func again() {
    var random = Seeded(7)
    for _ in 0..<200 {
      let list = (0..<Int.random(in: 0...20, using: &random)).map { _ in Int64.random(in: .min ... .max, using: &random)
      }
      #expect(IDArray.text(list).withUnsafeBytes { IDArray.ids($0) } == list)
    }
  }

  @Test("stored as JSON text, empty as NULL; other text is served as empty, with a warning, and kept")
  func stored() async throws {
    let bench = try await ServiceBench("id_arrays")
    try bench.session.execute(
      "INSERT INTO public.mst_komoditas (kode_komoditas, nama_komoditas, kategori, satuan) "
        + "SELECT n, n, 'Ikan', 'kg' FROM generate_series(1, 4) n")
    let stored = "SELECT target_komoditas FROM public.mst_alat_tangkap"
    var row = Bahari_V1_AlatTangkap.with {
      ($0.kodeAlatTangkap, $0.namaAlatTangkap, $0.jenis, $0.targetKomoditas) = ("AT1", "Bubu", "Perangkap", [3, 1, 3])
    }
    let created: Bahari_V1_AlatTangkapReply = try await bench.call(
      Bahari_V1_CreateAlatTangkapRequest.with { $0.data = row }, "AlatTangkap", .create)
    #expect(created.data.targetKomoditas == [3, 1, 3])
    #expect(try bench.value(stored) == "[3,1,3]")

    row.targetKomoditas = [4]
    let batch: Bahari_V1_BatchReply = try await bench.call(
      Bahari_V1_BatchUpsertAlatTangkapRequest.with { $0.data = [row] }, "AlatTangkap", .batchUpsert)
    #expect(batch.updated == 1)
    #expect(try bench.value(stored) == "[4]")

    let emptied: Bahari_V1_AlatTangkapReply = try await bench.call(
      Bahari_V1_UpdateAlatTangkapRequest.with {
        ($0.data.id, $0.updateMask.paths) = (created.data.id, ["target_komoditas"])
      }, "AlatTangkap", .update)
    #expect(emptied.data.targetKomoditas == [])
    #expect(try bench.value(stored) == nil)

    try bench.session.execute("UPDATE public.mst_alat_tangkap SET target_komoditas = 'Tuna, cakalang'")
    let read: Bahari_V1_ListAlatTangkapReply = try await bench.call(
      Bahari_V1_ListRequest(), "AlatTangkap", .list)
    #expect(read.data.map(\.targetKomoditas) == [[]])
    #expect(read.warnings.map(\.field) == ["target_komoditas"])
    let renamed: Bahari_V1_AlatTangkapReply = try await bench.call(
      Bahari_V1_UpdateAlatTangkapRequest.with { ($0.data.id, $0.data.jenis) = (created.data.id, "Lainnya") },
      "AlatTangkap", .update)
    #expect(renamed.data.jenis == "Lainnya")
    #expect(try bench.value(stored) == "Tuna, cakalang")
    await bench.close()
  }
}

import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

@Suite("Rules of the tables", .ownDatabases) struct RuleTests {
  private func status(_ body: () async throws -> Void) async -> BahariFrame.Status? {
    await #expect(throws: BahariFrame.Status.self) { try await body() }
  }

  @Test("a vessel on a catch belongs to the same group; the value is computed where it is left out")
  func catches() async throws {
    let bench = try await Fishery.bench("rule_catches")
    let made: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(
      Fishery.catching(), "ProduksiHasilTangkapan", .create)
    #expect(made.data.totalNilai == "26.78")
    let foreign = await status {
      let _: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(
        Fishery.catching(2), "ProduksiHasilTangkapan", .create)
    }
    #expect(foreign?.violations.map(\.field) == ["data.kapal_id"] && foreign?.metadata["response_code"] == "4000001")
    #expect(try bench.value("SELECT count(*) FROM public.trx_produksi_hasil_tangkapan") == "1")
    var change = Bahari_V1_UpdateProduksiHasilTangkapanRequest.with { ($0.data.id, $0.data.hargaJual) = (1, "3") }
    let dearer: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(change, "ProduksiHasilTangkapan", .update)
    #expect(dearer.data.totalNilai == "31.50")
    change.data.totalNilai = "7"
    let given: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(change, "ProduksiHasilTangkapan", .update)
    #expect(given.data.totalNilai == "7.00")
    // The price has not changed, so nothing is computed.
    change.data.clearTotalNilai()
    let same: Bahari_V1_ProduksiHasilTangkapanReply = try await bench.call(change, "ProduksiHasilTangkapan", .update)
    #expect(same.data.totalNilai == "7.00")
    await bench.close()
  }

  @Test("a state goes its steps, unless it is forced") func states() async throws {
    let bench = try await Fishery.bench("rule_states")
    let _: Bahari_V1_BantuanReply = try await bench.call(Fishery.aid("A"), "Bantuan", .create)
    func go(_ state: String, force: Bool = false) async throws -> Bahari_V1_BantuanReply {
      try await bench.call(
        Bahari_V1_UpdateBantuanRequest.with {
          ($0.data.id, $0.data.statusPenyaluran, $0.forceState) = (1, state, force)
        }, "Bantuan", .update)
    }
    let skipping = await status { _ = try await go("Selesai") }
    #expect(skipping?.code == .failedPrecondition && skipping?.metadata["response_code"] == "4040000")
    #expect(try await go("Disalurkan").data.statusPenyaluran == "Disalurkan")
    #expect(try await go("Disalurkan").warnings.isEmpty)
    #expect(try await go("Selesai").data.statusPenyaluran == "Selesai")
    #expect(await status { _ = try await go("Direncanakan") }?.code == .failedPrecondition)
    #expect(try await go("Direncanakan", force: true).warnings.map(\.field) == ["force_state"])
    #expect(await status { _ = try await go("Apa", force: true) }?.violations.map(\.reason) == ["NOT_IN_LIST"])
    await bench.close()
  }

  @Test("all violations of a row are listed at once; dates have an order, also with those that the row has already")
  func order() async throws {
    let bench = try await Fishery.bench("rule_order")
    var bad = Fishery.aid("A")
    (bad.data.tanggalSelesai, bad.data.statusPenyaluran, bad.data.jumlah) = ("2026-02-28", "Hilang", "-1")
    let faults = await status { let _: Bahari_V1_BantuanReply = try await bench.call(bad, "Bantuan", .create) }
    #expect(
      Set(faults?.violations.map(\.field) ?? []) == ["data.tanggal_selesai", "data.status_penyaluran", "data.jumlah"])
    let _: Bahari_V1_BantuanReply = try await bench.call(Fishery.aid("A"), "Bantuan", .create)
    let early = await status {
      let _: Bahari_V1_BantuanReply = try await bench.call(
        Bahari_V1_UpdateBantuanRequest.with { ($0.data.id, $0.data.tanggalSelesai) = (1, "2026-02-28") }, "Bantuan",
        .update)
    }
    #expect(early?.violations.map(\.field) == ["data.tanggal_selesai"])
    await bench.close()
  }

  @Test("other columns of a legacy row that breaks a rule can be corrected") func legacy() async throws {
    let bench = try await Fishery.bench("rule_legacy")
    try bench.session.execute(
      "UPDATE public.mst_kelompok_nelayan SET status_kelompok = 'Lama', jumlah_anggota = 0 WHERE id = 1")
    var change = Bahari_V1_UpdateKelompokNelayanRequest.with {
      ($0.data.id, $0.data.namaKetua, $0.data.statusKelompok, $0.data.jumlahAnggota) = (1, "Baru", "Lama", 0)
    }
    let mended: Bahari_V1_KelompokNelayanReply = try await bench.call(change, "KelompokNelayan", .update)
    #expect(mended.data.namaKetua == "Baru" && mended.data.jumlahAnggota == 0)
    change.data.jumlahAnggota = -1
    let refused = await status {
      let _: Bahari_V1_KelompokNelayanReply = try await bench.call(change, "KelompokNelayan", .update)
    }
    #expect(refused?.violations.map(\.field) == ["data.jumlah_anggota"])
    await bench.close()
  }

  @Test("a group is never its own ancestor; ids in lists exist") func references() async throws {
    let bench = try await Fishery.bench("rule_references")
    func parent(_ id: Int32, _ parent: Int32) async throws {
      let _: Bahari_V1_KelompokNelayanReply = try await bench.call(
        Bahari_V1_UpdateKelompokNelayanRequest.with { ($0.data.id, $0.data.gabunganKelompokID) = (id, parent) },
        "KelompokNelayan", .update)
    }
    try await parent(2, 1)
    try await parent(3, 2)
    #expect(await status { try await parent(1, 3) }?.violations.map(\.reason) == ["OWN_ANCESTOR"])
    #expect(await status { try await parent(1, 1) }?.violations.map(\.field) == ["data.gabungan_kelompok_id"])
    func areas(_ ids: [Int64]) async throws -> [Int64] {
      let reply: Bahari_V1_PenyuluhReply = try await bench.call(
        Bahari_V1_UpdatePenyuluhRequest.with {
          ($0.data.id, $0.data.wilayahBinaan, $0.updateMask.paths) = (1, ids, ["wilayah_binaan"])
        }, "Penyuluh", .update)
      return reply.data.wilayahBinaan
    }
    #expect(try await areas([110_101]) == [110_101])
    let missing = await status { _ = try await areas([110_101, 110_102]) }
    #expect(missing?.code == .failedPrecondition && missing?.violations.map(\.field) == ["data.wilayah_binaan"])
    #expect(await status { _ = try await areas([1101]) } != nil)
    #expect(try await areas([]) == [])
    await bench.close()
  }

  @Test(
    "attendance is judged from exact seconds",
    arguments: [
      (nil, "Masih Berjalan", "", "0.00"), (7.999, "Pulang Sebelum Waktunya", "8.00", "0.00"),
      (8.0, "Tepat Waktu", "8.00", "0.00"), (8.25, "Tepat Waktu", "8.25", "0.00"),
      (8.251, "Lembur", "8.25", "0.00"), (10.0, "Lembur", "10.00", "1.75"),
    ] as [(Double?, String, String, String)])
  func attendance(hours: Double?, state: String, worked: String, overtime: String) async throws {
    let bench = try await Fishery.bench("rule_attendance")
    let day: Bahari_V1_AbsensiReply = try await bench.call(Fishery.day("2026-01-01", hours), "Absensi", .create)
    #expect(day.data.status == state && day.data.workingHours == worked && day.data.totalOvertime == overtime)
    let edited: Bahari_V1_AbsensiReply = try await bench.call(
      Bahari_V1_UpdateAbsensiRequest.with {
        $0.data.id = day.data.id
        $0.data.checkout.seconds = 1_767_225_600 + 9 * 3600
      }, "Absensi", .update)
    #expect(edited.data.status == "Lembur" && edited.data.workingHours == "9.00" && edited.data.totalOvertime == "0.75")
    let early = await status {
      let _: Bahari_V1_AbsensiReply = try await bench.call(
        Bahari_V1_UpdateAbsensiRequest.with {
          $0.data.id = day.data.id
          $0.data.checkout.seconds = 1_767_225_599
        }, "Absensi", .update)
    }
    #expect(early?.violations.map(\.field) == ["data.checkout"])
    await bench.close()
  }

  @Test("one row per employee and day: of simultaneous ones one wins") func days() async throws {
    let bench = try await Fishery.bench("rule_days")
    var calls: [RunningCall] = []
    for _ in 0..<16 {
      calls.append(try await bench.start(Fishery.day("2026-01-01", nil), "Absensi", .create))
    }
    var codes: [String] = []
    for call in calls {
      switch try await call.inbox.next() {
      case .reply: codes.append("2000000")
      case .failed(let status): codes.append(status.metadata["response_code"] ?? "")
      case .stream: Issue.record("a stream ended")
      }
    }
    #expect(codes.count { $0 == "2000000" } == 1 && codes.count { $0 == "4090001" } == 15)
    #expect(try bench.value("SELECT count(*) FROM public.trx_absensi") == "1")
    await bench.close()
  }

  @Test("an unusual value is written, with a warning") func warnings() async throws {
    let bench = try await Fishery.bench("rule_warnings")
    let change = Bahari_V1_UpdateKelompokNelayanRequest.with {
      ($0.data.id, $0.data.jumlahAnggota, $0.data.noHpKetua, $0.data.provinceID) = (1, 3, "12", 12)
    }
    let reply: Bahari_V1_KelompokNelayanReply = try await bench.call(change, "KelompokNelayan", .update)
    #expect(reply.data.jumlahAnggota == 3)
    #expect(Set(reply.warnings.map(\.field)) == ["jumlah_anggota", "no_hp_ketua", "upt_id", "penyuluh_id"])
    let good = Bahari_V1_UpdateKelompokNelayanRequest.with {
      ($0.data.id, $0.data.jumlahAnggota, $0.data.noHpKetua, $0.data.provinceID) = (1, 10, "+6281234567890", 11)
      ($0.data.nikKetua, $0.data.nibKelompok) = ("1101015708900001", "1234567890123")
    }
    let silent: Bahari_V1_KelompokNelayanReply = try await bench.call(good, "KelompokNelayan", .update)
    #expect(silent.warnings.isEmpty)
    await bench.close()
  }

  @Test("rows of a batch keep the rules, each by itself") func batches() async throws {
    let bench = try await Fishery.bench("rule_batches")
    let rows = [Fishery.catching(), Fishery.catching(2), Fishery.catching(harga: nil)].map(\.data)
    let reply: Bahari_V1_BatchReply = try await bench.call(
      Bahari_V1_BatchUpsertProduksiHasilTangkapanRequest.with { ($0.data, $0.onError) = (rows, .skip) },
      "ProduksiHasilTangkapan", .batchUpsert)
    #expect(reply.created == 2 && reply.failed == 1 && reply.errors.map(\.index) == [1])
    #expect(reply.errors.first?.violations.map(\.field) == ["data[1].kapal_id"])
    #expect(
      try bench.value(
        "SELECT string_agg(coalesce(total_nilai::text, '-'), ' ' ORDER BY id) FROM public.trx_produksi_hasil_tangkapan")
        == "26.78 -")
    var again = rows[0]
    (again.id, again.jumlahProduksi) = (1, "1")
    try bench.session.execute(
      "UPDATE public.trx_produksi_hasil_tangkapan SET id = 1 WHERE total_nilai IS NOT NULL")
    let changed: Bahari_V1_BatchReply = try await bench.call(
      Bahari_V1_BatchUpsertProduksiHasilTangkapanRequest.with { $0.data = [again] }, "ProduksiHasilTangkapan",
      .batchUpsert)
    #expect(changed.updated == 1)
    #expect(try bench.value("SELECT total_nilai FROM public.trx_produksi_hasil_tangkapan WHERE id = 1") == "2.55")
    let days = [Fishery.day("2026-01-01", nil), Fishery.day("2026-01-02", 9)].map(\.data)
    let first: Bahari_V1_BatchReply = try await bench.call(
      Bahari_V1_BatchUpsertAbsensiRequest.with { $0.data = days }, "Absensi", .batchUpsert)
    #expect(first.created == 2)
    let second: Bahari_V1_BatchReply = try await bench.call(
      Bahari_V1_BatchUpsertAbsensiRequest.with { ($0.data, $0.onError) = (days, .skip) }, "Absensi", .batchUpsert)
    #expect(second.failed == 2 && second.errors.first?.violations.map(\.reason) == ["TAKEN"])
    await bench.close()
  }
}

import BahariClient
import Synchronization
import TestSupport
import Testing

extension EndToEnd {
  /// The code of the article in `BahariClient.docc`, copied; another test compares the texts.
  @Suite(.served("tutorial")) struct Tutorial {
    private let printed = Lines()

    /// Keeps the output of the article's code, so that it can be compared.
    private func print(_ items: Any...) { printed.add(items.map { "\($0)" }.joined(separator: " ")) }

    @Test("The article's code has the results that the article describes")
    func article() async throws {
      let daemon = try Daemon.shared
      try await daemon.sql(Reports.sql)
      let socket = daemon.socket

      let client = BahariClient(socketPath: socket, timeout: .seconds(10))

      let group = try await client.kelompokNelayan.get(12)
      let officer = try await client.pegawai.get(by: "nip", "001")
      print(group.namaKelompok, officer.nama)
      #expect(printed.take() == ["Bahagia Ani"])

      let motors = try await client.kapal.list(
        .where(.field("jenis_kapal", .eq, "Motor") && !.field("nama_kapal", .isNull), sort: ["-nama_kapal"], limit: 50))
      print(motors.pagination.total, motors.data.map(\.namaKapal))
      #expect(printed.take() == ["1 [\"Angsa\"]"])

      for try await page in client.desa.pages(.where(sort: ["id"]), limit: 10) {
        print(page.data.count, page.warnings.count)
      }
      #expect(printed.take() == ["10 0", "10 0", "5 0"])

      for try await desa in client.desa.export(.where(.field("id", .lte, 1_101_010_002), sort: ["id"])) {
        print(desa.id, desa.name)
      }
      #expect(printed.take() == ["1101010001 Desa 1", "1101010002 Desa 2"])

      let made = try await client.kapal.create(
        .with {
          $0.kelompokNelayanID = 12
          $0.noRegistrasiKapal = "K-2026-7"
          $0.namaKapal = "Camar"
          $0.jenisKapal = "Motor"
        })
      let vessel = made.data ?? .init()
      let changed = try await client.kapal.update(
        .with { ($0.id, $0.statusKapal) = (vessel.id, "Perbaikan") }, mask: ["status_kapal"], version: vessel.version)
      print(changed.data?.statusKapal ?? "", changed.warnings.count)
      #expect(printed.take() == ["Perbaikan 0"])

      do {
        try await client.provinsi.delete(11)
      } catch let error as BahariError {
        print(error.code.name, error.responseCode ?? "", error.outcome)
        for violation in error.violations { print(violation.field, violation.description) }
      }
      #expect(printed.take().first == "FAILED_PRECONDITION 4090000 notApplied")

      let profile = try await withDeadline(.seconds(5)) {
        let group = try await client.kelompokNelayan.get(by: "no_registrasi", "r")
        return try await client.kelompokNelayan.profile(group.id, date: "2026-02-28")
      }
      print(profile.data.namaKelompok, profile.kapal.count)
      #expect(printed.take() == ["Bahagia 2"])

      let names = try await withThrowingTaskGroup(of: String.self) { tasks in
        for id in 1_101_010_001...1_101_010_025 {
          tasks.addTask { try await client.desa.get(id).name }
        }
        return try await tasks.reduce(into: Set()) { $0.insert($1) }
      }
      print(names.count)
      #expect(printed.take() == ["25"])

      _ = try await client.absensi.checkIn(
        .with { ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = ("001", "2026-03-02", "-5.1", "105.2") })
      let recap = try await client.absensi.recap(.with { $0.month = "2026-03" })
      for row in recap.data { print(row.pegawaiNama, row.jumlahHari) }
      #expect(printed.take() == ["Ani 1"])
    }
  }
}

/// Lines, from any task.
private final class Lines: Sendable {
  private let lines = Mutex<[String]>([])

  func add(_ line: String) { lines.withLock { $0.append(line) } }

  /// All lines since the last time.
  func take() -> [String] {
    lines.withLock { lines in
      defer { lines = [] }
      return lines
    }
  }
}

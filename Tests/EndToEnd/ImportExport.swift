import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// Files in, files out, through the CLI.
  @Suite(.startsDaemons) struct ImportExport {
    @Test(
      "The real regions: in, found, out again, to the byte",
      .enabled(if: SharedData.exists, "needs ../shared/data/wilayah"))
    func realRegions() async throws {
      let daemon = try await Daemon.serving(database: "regions_real")
      let files = try RegionFile.shared()
      try await roundTrip(daemon, files)
      let page = try await daemon.bahari("list", "desa", "--limit", "10", "--page", "8347", "-o", "json").json
      #expect((page["data"] as? [Any])?.count == 7)
      #expect((page["pagination"] as? [String: Int])?["total"] == 83_467)
      #expect(try await daemon.stop() == 0)
    }

    @Test("A small country: in, found, out again, to the byte")
    func generatedRegions() async throws {
      let daemon = try await Daemon.serving(database: "regions_small")
      try await roundTrip(daemon, try RegionFile.generated())
      #expect(try await daemon.stop() == 0)
    }

    private func roundTrip(_ daemon: Daemon, _ files: [RegionFile]) async throws {
      for file in files {
        let ran = try await daemon.bahari("import", file.resource, file.path)
        #expect(ran.output == "created \(file.rows.count), updated 0, unchanged 0, failed 0\n", "\(ran.error)")
        #expect(ran.exit == 0 && ran.error.isEmpty)
      }
      for file in files {
        let ran = try await daemon.bahari("export", file.resource, "-o", "csv")
        #expect(ran.exit == 0 && ran.error.isEmpty)
        #expect(ran.bytes == file.bytes, "\(file.resource): the export differs from the file")
      }
      let villages = try #require(files.last)
      try await expectFound(daemon, villages)
      try await expectPages(daemon, villages)
      try await expectUnchanged(daemon, files)
    }

    /// Search and filters find the rows that a scan of the file finds.
    private func expectFound(_ daemon: Daemon, _ file: RegionFile) async throws {
      for text in ["ba'u", ",", "%", "_", "\"", "é"] {
        let wanted = Set(
          file.rows.filter { row in row[2...3].contains { $0.lowercased().contains(text) } }.map { $0[0] })
        // All that matches in an export, the first hundred of it in a list.
        let all = try await daemon.bahari("export", file.resource, "--search", text, "--columns", "id", "-o", "csv")
        #expect(Set(all.output.split(separator: "\n").dropFirst().map(String.init)) == wanted, "search \(text)")
        let page = try await daemon.bahari("list", file.resource, "--search", text, "--limit", "100", "-o", "json").json
        #expect((page["pagination"] as? [String: Int])?["total"] == wanted.count, "search \(text)")
        let rows = try #require(page["data"] as? [[String: Any]])
        #expect(rows.count == min(100, wanted.count))
        #expect(rows.allSatisfy { wanted.contains("\($0["id"] ?? "")") })
      }
      let parents = [try #require(file.rows.first)[1], try #require(file.rows.last)[1]]
      for parent in parents {
        let page = try await daemon.bahari(
          "list", file.resource, "--where", "district_id=\(parent)", "--limit", "100", "-o", "json"
        ).json
        let wanted = file.rows.filter { $0[1] == parent }
        #expect((page["pagination"] as? [String: Int])?["total"] == wanted.count)
        let names = (page["data"] as? [[String: Any]] ?? []).compactMap { $0["name"] as? String }
        #expect(Set(names) == Set(wanted.prefix(100).map { $0[2] }))
      }
    }

    private func expectPages(_ daemon: Daemon, _ file: RegionFile) async throws {
      let pages = (file.rows.count + 9) / 10
      let last = try await daemon.bahari("list", file.resource, "--limit", "10", "--page", "\(pages)", "-o", "json")
        .json
      #expect((last["data"] as? [Any])?.count == file.rows.count - (pages - 1) * 10)
      let pagination = try #require(last["pagination"] as? [String: Int])
      #expect(pagination["totalPages"] == pages && pagination["currentPage"] == pages)
      let beyond = try await daemon.bahari(
        "list", file.resource, "--limit", "10", "--page", "\(pages + 1)", "-o", "json"
      ).json
      #expect((beyond["data"] as? [Any])?.isEmpty == true)
    }

    /// An import of rows that exist already changes none of them.
    private func expectUnchanged(_ daemon: Daemon, _ files: [RegionFile]) async throws {
      for file in files {
        let versions = "SELECT md5(string_agg(id || ':' || xmin, ',' ORDER BY id)) FROM public.mst_\(file.resource)"
        let before = try await daemon.sql(versions)
        let ran = try await daemon.bahari("import", file.resource, file.path, "-o", "json")
        let summary = "{\"created\":0,\"updated\":0,\"unchanged\":\(file.rows.count),\"failed\":0}\n"
        #expect(ran.exit == 0 && ran.output == summary, "\(ran.output) \(ran.error)")
        #expect(try await daemon.sql(versions) == before)
      }
    }

    // MARK: Bad rows

    /// Line 3 has a wrong number, 5 an unknown parent, 6 no name, 8 too many fields; 2, 4 and 7 are good.
    private static let bad = """
      id,district_id,name,alt_name,latitude,longitude
      1,110101,Satu,,1.5,97
      2,110101,Dua,,north,97
      3,110101,Tiga,,1.5,97
      4,999999,Empat,,1.5,97
      5,110101,,,1.5,97
      6,110101,Enam,,1.5,97
      7,110101,Tujuh,,1.5,97,more

      """

    private func expectLines(_ error: String, _ location: SourceLocation = #_sourceLocation) {
      let lines = error.split(separator: "\n")
      for (number, named) in [(3, "latitude"), (5, "district_id"), (6, "name"), (8, "7 fields")] {
        let hits = lines.filter { $0.hasPrefix("line \(number): ") && $0.contains(named) }
        #expect(hits.count == 1, "line \(number) in: \(error)", sourceLocation: location)
      }
      for number in [2, 4, 7] {
        #expect(!lines.contains { $0.hasPrefix("line \(number):") }, "\(error)", sourceLocation: location)
      }
    }

    @Test("--on-error skip writes the good rows and reports the bad ones by line", arguments: [1, 3, 1_000])
    func skip(batch: Int) async throws {
      let daemon = try await Daemon.serving(database: "import_skip")
      try await daemon.sql(Regions.sql)
      let ran = try await daemon.bahari(
        ["import", "desa", "-", "--on-error", "skip", "--batch", "\(batch)"], input: Array(ImportExport.bad.utf8))
      #expect(ran.exit == 65)
      #expect(ran.output == "created 3, updated 0, unchanged 0, failed 4\n")
      expectLines(ran.error)
      #expect(
        try await daemon.sql("SELECT string_agg(name, ' ' ORDER BY id) FROM public.mst_desa WHERE id < 100")
          == "Satu Tiga Enam")
      #expect(try await daemon.stop() == 0)
    }

    @Test("--on-error stop writes nothing of the batch with a bad row, and reports the rows written before")
    func stop() async throws {
      let daemon = try await Daemon.serving(database: "import_stop")
      try await daemon.sql(Regions.sql)
      let whole = try await daemon.bahari(["import", "desa", "-"], input: Array(ImportExport.bad.utf8))
      #expect(whole.exit == 65 && whole.output.isEmpty)
      #expect(whole.error.contains("line 3: latitude"), "\(whole.error)")
      #expect(whole.error.contains("nothing was written"), "\(whole.error)")
      let rows = "SELECT count(*) FROM public.mst_desa WHERE id < 100"
      #expect(try await daemon.sql(rows) == "0")
      // Rows one by one: the first is written, the second stops the import.
      let single = try await daemon.bahari(
        ["import", "desa", "-", "--batch", "1"], input: Array(ImportExport.bad.utf8))
      #expect(single.exit == 65 && single.error.contains("before that: created 1"), "\(single.error)")
      #expect(try await daemon.sql(rows) == "1")
      #expect(try await daemon.stop() == 0)
    }

    @Test("Violations that only the daemon can find are reported by line, too")
    func refusedByDaemon() async throws {
      let daemon = try await Daemon.serving(database: "import_refused")
      try await daemon.sql(Regions.sql)
      let text = "id,district_id,name\n1,110101,Satu\n2,999999,Dua\n3,110101,Tiga\n1,110101,Lagi\n"
      let ran = try await daemon.bahari(["import", "desa", "-"], input: Array(text.utf8))
      #expect(ran.exit == 65 && ran.output.isEmpty)
      #expect(ran.error.contains("line 5: id"), "\(ran.error)")
      let unique = try await daemon.bahari(["import", "desa", "-"], input: Array(text.utf8.dropLast(14)))
      #expect(unique.exit == 65)
      #expect(unique.error.contains("line 3: district_id"), "\(unique.error)")
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_desa WHERE id < 100") == "0")
      let dry = try await daemon.bahari(["import", "desa", "-", "--dry-run"], input: Array(text.utf8.prefix(34)))
      #expect(dry.exit == 0 && dry.output == "dry run: created 1, updated 0, unchanged 0, failed 0\n", "\(dry.error)")
      #expect(try await daemon.sql("SELECT count(*) FROM public.mst_desa WHERE id < 100") == "0")
      #expect(try await daemon.stop() == 0)
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The CLI in scripts and at a terminal.
  @Suite(.startsDaemons) struct Scripting {
    private func expect(
      _ workshop: Workshop, _ line: String, _ output: String, exit: Int32 = 0, error: String? = nil,
      _ location: SourceLocation = #_sourceLocation
    ) async throws {
      let ran = try await workshop.run(line)
      #expect(ran.exit == exit, "\(line): \(ran.error)", sourceLocation: location)
      #expect(ran.output == output, "\(line): \(ran.output) \(ran.error)", sourceLocation: location)
      if let error {
        #expect(ran.error.contains(error), "\(line): \(ran.error)", sourceLocation: location)
      } else {
        #expect(ran.error.isEmpty, "\(line): \(ran.error)", sourceLocation: location)
      }
    }

    @Test("Rows named on standard input") func named() async throws {
      let it = try await Workshop(database: "scripting_named")
      try await expect(
        it, "bahari list kapal --where 'id<=3' --sort id -o name | bahari get - --columns id,nama_kapal -o csv",
        "id,nama_kapal\n1,KM 1\n2,KM 2\n3,KM 3\n")
      try await expect(it, "printf '2\\n\\n 1 ' | bahari get kapal - -o name", "kapal/2\nkapal/1\n")
      try await expect(
        it, "bahari get kapal/1 role/2 kapal/2 --columns id -o jsonl", "{\"id\":1}\n{\"id\":2}\n{\"id\":2}\n")
      try await expect(it, "bahari get kapal 1 2 --columns id -o json", "[{\"id\":1}\n,{\"id\":2}\n]\n")
      try await expect(it, ": | bahari get - -o json", "[]\n")
      try await expect(
        it, "bahari get kapal 1 999 2 -o name", "kapal/1\nkapal/2\n", exit: 66, error: "id 999")
      try await expect(it, "echo 7 | bahari get -", "", exit: 64, error: "\"7\" is not of the form RESOURCE/ID")
      try await expect(
        it, "seq 1 200 | sed s,^,kapal/, | bahari get - -o csv --columns id 2>/dev/null | wc -l", "31\n", exit: 66)
      try await expect(
        it, "bahari list bantuan --where 'id>8' --sort id -o name | bahari delete -",
        "deleted bantuan 9\ndeleted bantuan 10\n")
      try await expect(
        it, "bahari delete bantuan 9 8 --quiet; echo $?", "66\n", error: "id 9")
      #expect(try await it.daemon.sql("SELECT count(*) FROM public.trx_bantuan") == "7")
      try await expect(it, "printf 'kapal/1\\nkapal/2\\n' | bahari update - --set mesin_pk=40 -q", "")
      #expect(try await it.daemon.sql("SELECT count(*) FROM public.mst_kapal WHERE mesin_pk = 40") == "2")
      #expect(try await it.daemon.stop() == 0)
    }

    @Test("Rows from files") func files() async throws {
      let it = try await Workshop(database: "scripting_files")
      try it.write("[{\"kode_komoditas\":\"A\",\"nama_komoditas\":\"Arwana\"},{\"kode_komoditas\":\"B\"}]", to: "two")
      let two = try await it.run("bahari create komoditas --file two --set kategori=Ikan --set satuan=kg -o name")
      #expect(two.exit == 64 && two.output == "komoditas/4\n", "\(two.output) \(two.error)")
      #expect(two.error.contains("row 2: ") && two.error.contains("nama_komoditas"), "\(two.error)")
      #expect(two.error.contains("rows created before this one: 1"), "\(two.error)")
      try it.write(
        "{\"id\": 1, \"harga_pasar_rata\": 46000.5}\n{\"id\": 2, \"harga_pasar_rata\": null}\n", to: "p.jsonl")
      try await expect(
        it, "bahari update komoditas --file p.jsonl -o csv | cut -d, -f1,7", "id,harga_pasar_rata\n1,46000.50\n2,\n")
      // The output of get is written back, with its version.
      try await expect(
        it,
        "bahari get kapal 12 -o json >k.json && sed -i s/Angsa/Camar/ k.json && bahari update kapal --file k.json -q "
          + "&& bahari get kapal 12 --columns nama_kapal -o csv", "nama_kapal\nCamar\n")
      try await expect(it, "bahari update kapal --file k.json", "", exit: 73, error: "ABORTED 4090000")
      let versions = "bahari list kapal --where 'id in (3,4)' --columns id,nama_kapal,version --sort id -o csv"
      try await expect(
        it, "\(versions) >v.csv && bahari update kapal --file v.csv -q && bahari update kapal --file v.csv -q", "",
        exit: 73, error: "line 3: mst_kapal 4 has been changed since")
      try await expect(it, "bahari update kapal 5 --file two", "", exit: 64, error: "kode_komoditas")
      try await expect(
        it, "printf 'id,no_hp\\n3,081\\n' | bahari update pegawai --file - --dry-run -o csv | cut -d, -f1,10",
        "id,no_hp\n3,081\n", error: "warning")
      try await expect(it, "bahari create role --file nothing.json", "", exit: 66, error: "nothing.json")
      #expect(try await it.daemon.stop() == 0)
    }

    @Test("Cascading deletes ask first, and need --yes without a terminal") func asks() async throws {
      let it = try await Workshop(database: "scripting_asks")
      try await expect(
        it, "bahari delete kabupaten 1101 --cascade --dry-run",
        "would delete kabupaten 1101, and with it 2 of mst_kecamatan, 29 of mst_desa\n")
      try await expect(
        it, "bahari delete kecamatan 110199 --cascade </dev/null", "", exit: 64,
        error: "1 of mst_desa: this is no terminal")
      #expect(try await it.daemon.sql("SELECT count(*) FROM public.mst_kecamatan") == "3")
      let command = "\(Place.programs)/bahari delete kecamatan 110199 --cascade --socket \(it.daemon.socket)"
      let no = try await it.run("echo n | script -qec '\(command)' /dev/null")
      #expect(no.exit == 130 && no.output.contains("Go on? [y/N]"), "\(no.exit) \(no.output)")
      #expect(try await it.daemon.sql("SELECT count(*) FROM public.mst_kecamatan") == "3")
      let yes = try await it.run("echo y | script -qec '\(command)' /dev/null")
      #expect(yes.exit == 0 && yes.output.contains("deleted kecamatan 110199, and with it 1 of"), "\(yes.output)")
      let deleted = "kecamatan 110101, and with it 28 of mst_desa"
      try await expect(
        it, "bahari delete kecamatan 110101 --cascade --yes", "deleted \(deleted)\n", error: "deleting \(deleted)")
      try await expect(
        it, "bahari delete provinsi 11 --cascade --yes --quiet", "", exit: 65, error: "mst_upt: delete those first")
      #expect(try await it.daemon.stop() == 0)
    }

    @Test("At a terminal tables fit it, with colours; elsewhere they are plain") func terminal() async throws {
      let it = try await Workshop(database: "scripting_terminal")
      let command = "\(Place.programs)/bahari list kapal --limit 2 --socket \(it.daemon.socket)"
      func shown(_ before: String = "", _ more: String = "") async throws -> [String] {
        let ran = try await it.run(
          "TERM=xterm env -u NO_COLOR script -qec 'stty cols 60; \(before) \(command) \(more)' /dev/null </dev/null")
        #expect(ran.exit == 0, "\(ran.output)")
        return ran.output.split(whereSeparator: \.isNewline).map(String.init)
      }
      let plain = try await shown("NO_COLOR=1")
      #expect(plain.allSatisfy { $0.count <= 60 || $0.hasPrefix("next: ") || $0.contains("-o wide") }, "\(plain)")
      #expect(plain.contains { $0.contains("more columns: -o wide") } && !plain.joined().contains("\u{1b}"))
      #expect(plain.contains { $0.hasPrefix("next: --page-token ") })
      #expect(try await shown().joined().contains("\u{1b}["))
      #expect(try await shown("NO_COLOR=1", "-o wide").contains { $0.count > 200 && $0.contains("version") })
      let piped = try await it.run("bahari list kapal --limit 2")
      let lines = piped.output.split(separator: "\n")
      #expect(lines.count == 5 && lines[4] == "page 1 of 15, 30 rows" && lines[0].contains("updated_at"))
      #expect(!piped.output.contains("…") && !piped.output.contains("next:"))
      #expect(try await it.daemon.stop() == 0)
    }

    @Test("Ctrl-C ends a call at once") func interrupted() async throws {
      let it = try await Workshop(database: "scripting_interrupted")
      try await it.daemon.whileLocked("mst_kapal") {
        let child = try it.start("list", "kapal")
        try await eventually("a list that waits") {
          try await it.daemon.sql("SELECT count(*) > 0 \(Daemon.locks(on: "mst_kapal")) AND NOT granted") == "t"
        }
        child.signal(SIGINT)
        let ended = try await child.end()
        #expect(ended == -SIGINT)
        #expect(child.standardOutput.isEmpty && child.standardError.isEmpty)
      }
      #expect(try await it.daemon.stop() == 0)
    }

    @Test("Completion asks the daemon, and is silent without one") func completion() async throws {
      let it = try await Workshop(database: "scripting_completion")
      let script = try await it.daemon.run("\(Place.programs)/bahari", ["--generate-completion-script", "bash"])
      #expect(script.exit == 0 && script.output.contains("---completion"), "\(script.error)")
      try it.write(script.output, to: "completion.bash")
      // As bash does it when Tab is pressed.
      func offered(_ line: String, _ socket: String) async throws -> [String] {
        let words = line.components(separatedBy: " ").map { "'\($0)'" }.joined(separator: " ")
        let ran = try await it.daemon.run(
          "/bin/bash",
          [
            "-c",
            """
            export BAHARI_SOCKET='\(socket)' PATH='\(Place.programs)':$PATH
            source '\(it.folder)/completion.bash'
            COMP_WORDS=(\(words)) COMP_CWORD=$((${#COMP_WORDS[@]} - 1)) COMP_LINE='\(line)' COMP_POINT=\(line.count)
            $(complete -p bahari | sed 's/.*-F \\([^ ]*\\).*/\\1/') bahari "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """,
          ])
        #expect(ran.error.isEmpty, "\(line): \(ran.error)")
        return ran.output.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      }
      #expect(try await offered("bahari list ka", it.daemon.socket).contains("kapal"))
      #expect(try await offered("bahari list kapal --columns uku", it.daemon.socket).contains("ukuran_gt"))
      #expect(try await offered("bahari list ka", "/nowhere").filter { $0.hasPrefix("ka") }.isEmpty)
      #expect(try await it.daemon.stop() == 0)
    }
  }
}

import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// An operator's tasks of a week, each as one line of shell.
  @Suite(.startsDaemons) struct OperatorTasks {
    struct Task {
      var goal: String
      var line: String
      var output: String
      var exit: Int32 = 0
    }

    /// 10,000 catches, of which 37 are bad: in turn an amount below nothing, a day that there is not, a commodity that
    /// there is not, and a group that is missing.
    static let catches =
      "kelompok_nelayan_id,tanggal_produksi,komoditas_id,jumlah_produksi,satuan\n"
      + (1...10_000).map { number in
        let isBad = number % 270 == 100
        let kind = isBad ? number / 270 % 4 : -1
        return "\(kind == 3 ? "" : "\(1 + number % 15)"),\(kind == 1 ? "2025-02-30" : "2025-02-\(10 + number % 18)"),"
          + "\(kind == 2 ? 99 : 1 + number % 3),\(kind == 0 ? "-5" : "12.5"),kg\n"
      }.joined()

    @Test("Thirty tasks, one line each") func all() async throws {
      let workshop = try await Workshop(database: "operator_tasks")
      try workshop.write(Self.catches, to: "catches.csv")
      #expect(Self.tasks.count >= 30)
      for task in Self.tasks {
        let ran = try await workshop.run(task.line)
        #expect(ran.exit == task.exit, "\(task.goal): \(task.line): \(ran.error)")
        #expect(ran.output == task.output, "\(task.goal): \(task.line): \(ran.error)")
      }
      #expect(try await workshop.daemon.stop() == 0)
    }

    static let tasks: [Task] = [
      // Finding
      Task(
        goal: "find a village by a part of its name",
        line: "bahari list desa --search muara --columns id,name -o csv", output: "id,name\n1101012002,Muara Laut\n"),
      Task(
        goal: "say where a village is",
        line: "bahari list desa --where \"name = Ba'u\" --with-relations -o csv | tail -n 1 | cut -d, -f3,7-",
        output: "Ba'u,Bakongan,ACEH SELATAN,ACEH\n"),
      Task(
        goal: "list vessels over 30 GT of a group",
        line: "bahari list kapal --where 'kelompok_nelayan_id=3 and ukuran_gt>30' --columns nama_kapal,ukuran_gt",
        output: "nama_kapal  ukuran_gt\n----------  ---------\nKM 17           34.00\npage 1 of 1, 1 row\n"),
      Task(
        goal: "list large vessels that are not at sea",
        line: "bahari list kapal --where 'ukuran_gt>=50 and (status_kapal=Perbaikan or status_kapal=Tidak Aktif)' "
          + "--sort id --columns id,status_kapal -o csv",
        output: "id,status_kapal\n25,Perbaikan\n26,Tidak Aktif\n"),
      Task(
        goal: "name the vessels whose size is not known",
        line: "bahari list kapal --where 'ukuran_gt is null' --sort id -o name",
        output: "kapal/10\nkapal/20\nkapal/30\n"),
      Task(
        goal: "count the groups that are active",
        line: "bahari list kelompok --where status_kelompok=Aktif --limit 1 --columns id | tail -n 1",
        output: "page 1 of 12, 12 rows\n"),
      Task(
        goal: "find the nearest groups",
        line: "bahari list kelompok --near -6.031,106.8 --limit 2 --columns nama_kelompok -o csv",
        output: "nama_kelompok,distance_km\nKelompok 3,0.111\nKelompok 4,1.001\n"),
      Task(
        goal: "find an employee by the address of his mail",
        line: "bahari get pegawai --by email=budi@example.org --columns nip,nama -o csv",
        output: "nip,nama\n198602022011012002,Budi\n"),
      Task(
        goal: "see who has not gone home",
        line: "bahari list absensi --where 'date=2026-03-02 and checkout is null' --columns nip,status -o csv",
        output: "nip,status\n198501012010011001,Masih Berjalan\n"),
      Task(
        goal: "see the parts of a group's profile",
        line: "bahari get kelompok 12 --profile --date 2026-03-01 | grep -E '^[a-z_]+( \\(|$)' | head -n 3",
        output: "kelompok_nelayan\npenyuluh\nkapal (2)\n"),
      // Changing
      Task(
        goal: "correct an employee's phone number",
        line:
          "bahari get pegawai --by email=budi@example.org -o name | bahari update - --set no_hp=081234567899 -o csv "
          + "| tail -n 1 | cut -d, -f3,10",
        output: "Budi,081234567899\n"),
      Task(
        goal: "register a vessel",
        line: "bahari create kapal --set kelompok_nelayan_id=3 --set no_registrasi_kapal=K-99 --set 'nama_kapal=KM 99' "
          + "--set jenis_kapal=Motor -o name", output: "kapal/31\n"),
      Task(
        goal: "get the error for a vessel that exists already",
        line: "bahari create kapal --set kelompok_nelayan_id=3 --set no_registrasi_kapal=K-99 --set nama_kapal=X "
          + "--set jenis_kapal=Motor -o json 2>&1 | grep -o '\"responseCode\":\"[0-9]*\"'",
        output: "\"responseCode\":\"4090001\"\n", exit: 73),
      Task(
        goal: "take a vessel out of service",
        line: "bahari update kapal/31 --set 'status_kapal=Tidak Aktif' --quiet", output: ""),
      Task(
        goal: "take every vessel of a group into repair",
        line: "bahari list kapal --where 'kelompok_nelayan_id=3 and status_kapal=Aktif' --all -o name "
          + "| bahari update - --set status_kapal=Perbaikan -o name", output: "kapal/17\nkapal/2\n"),
      Task(
        goal: "strike a vessel off",
        line: "bahari get kapal --by no_registrasi_kapal=K-99 -o name | bahari delete -", output: "deleted kapal 31\n"),
      Task(
        goal: "set new prices from a table",
        line: "printf 'id,harga_pasar_rata\\n1,47000\\n2,95000\\n' | bahari update komoditas --file - -o jsonl "
          + "| grep -o '\"harga_pasar_rata\":\"[0-9.]*\"'",
        output: "\"harga_pasar_rata\":\"47000.00\"\n\"harga_pasar_rata\":\"95000.00\"\n"),
      Task(
        goal: "see what a district would take along",
        line: "bahari delete kecamatan 110199 --cascade --dry-run",
        output: "would delete kecamatan 110199, and with it 1 of mst_desa\n"),
      Task(
        goal: "be kept from deleting it by accident",
        line: "bahari delete kecamatan 110199 --cascade", output: "", exit: 64),
      Task(
        goal: "hand out the aid that was planned",
        line: "bahari list bantuan --where 'status_penyaluran=Direncanakan and id<3' --sort id -o name "
          + "| bahari update - --set status_penyaluran=Disalurkan -o name", output: "bantuan/1\nbantuan/2\n"),
      // Attendance
      Task(
        goal: "enter an arrival",
        line: "bahari check-in 198703032012011003 --at -6.1,106.8 --date 2026-03-09 "
          + "--set checkin=2026-03-09T00:55:00Z -o csv | tail -n 1 | cut -d, -f2,3,13",
        output: "2026-03-09,198703032012011003,Masih Berjalan\n"),
      Task(
        goal: "enter the departure",
        line: "bahari check-out 198703032012011003 --date 2026-03-09 --set checkout=2026-03-09T09:25:00Z -o csv "
          + "| tail -n 1 | cut -d, -f12-14", output: "8.50,Lembur,0.25\n"),
      Task(
        goal: "the recap of a month",
        line: "bahari report absensi --set month=2026-02 -o jsonl | grep -o '\"nip\":\"[0-9]*\"' | sort",
        output: "\"nip\":\"198501012010011001\"\n\"nip\":\"198602022011012002\"\n"),
      // Reports
      Task(
        goal: "what was caught in January, by commodity",
        line: "bahari report produksi --from 2026-01-01 --to 2026-01-31 --by komoditas -o csv | cut -d, -f2,8-11",
        output: "komoditas_nama,satuan,jumlah_data,jumlah_produksi,total_nilai\nLobster,ekor,10,145.00,145000.00\n"
          + "Rumput Laut,kg,10,155.00,155000.00\nTuna,kg,10,165.00,165000.00\n"),
      Task(
        goal: "certificates about to expire",
        line: "bahari report sertifikasi --date 2026-03-01 --days 30 -o csv | cut -d, -f2,8,9",
        output: "no_sertifikat,tanggal_kadaluarsa,sisa_hari\nST-1,2026-03-11,10\nST-2,2026-03-21,20\n"
          + "ST-3,2026-03-31,30\n"),
      Task(
        goal: "groups that got nothing this year",
        line: "bahari report cakupan-bantuan --tahun 2026 --served never -o jsonl | wc -l", output: "13\n"),
      Task(
        goal: "aid by type",
        line: "bahari report bantuan --by jenis -o csv | cut -d, -f4,6- | sort",
        output: "Benih,5,5,25000000.00\nMesin,5,5,30000000.00\njenis_bantuan_nama,jumlah_data,jumlah_kelompok,"
          + "total_nilai\n"),
      // Files
      Task(
        goal: "import 10,000 catches with 37 bad rows, and get those back",
        line: "bahari import produksi catches.csv --rejects bad.csv; head -n 2 bad.csv; wc -l <bad.csv",
        output: "created 9963, updated 0, unchanged 0, failed 37\n"
          + "line,column,cause,kelompok_nelayan_id,tanggal_produksi,komoditas_id,jumlah_produksi,satuan\n"
          + "101,jumlah_produksi,must be 0 or more,11,2025-02-20,2,-5,kg\n38\n"),
      Task(
        goal: "import the bad rows once they are mended",
        line: "sed -e 's/,-5,/,5,/' -e 's/2025-02-30/2025-02-28/' -e 's/,99,12.5/,1,12.5/' "
          + "-e 's/,,2025/,1,2025/' bad.csv >good.csv; bahari import produksi good.csv --map line= --map column= "
          + "--map cause=", output: "created 37, updated 0, unchanged 0, failed 0\n"),
      Task(
        goal: "export a year",
        line: "bahari export produksi --where 'tanggal_produksi between 2026-01-01 and 2026-12-31' | wc -l",
        output: "31\n"),
      Task(
        goal: "import a list with columns of other names",
        line: "bahari import kapal vessels.csv --map nama=nama_kapal --map catatan= && bahari get kapal "
          + "--by no_registrasi_kapal=K-90 --columns nama_kapal -o csv",
        output: "created 1, updated 0, unchanged 0, failed 0\nnama_kapal\nKM 90\n"),
      Task(
        goal: "move roles to another place, as lines of JSON",
        line: "bahari export role -o jsonl | bahari update role --file - -o name --dry-run", output: "role/1\nrole/2\n"),
      // The daemon
      Task(
        goal: "watch over the daemon",
        line: "bahari health && bahari stats -o json | grep -c '\"responseCode\":\"2000000\"'", output: "SERVING\n1\n"),
      Task(
        goal: "call an old endpoint from a script that is not rewritten yet",
        line: "bahari call 'GET /kapal?limit=1' | grep -o '\"totalPages\":[0-9]*'", output: "\"totalPages\":31\n"),
    ]
  }
}

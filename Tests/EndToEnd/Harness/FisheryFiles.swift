import TestSupport

extension Fishery {
  /// Files by name, as the examples of the help name them.
  static let files = [
    "desa.csv": "id,district_id,name,alt_name,latitude,longitude\n1101012050,110101,Lima,,2.5,97.5\n",
    "vessels.csv": "no_registrasi_kapal,kelompok_nelayan_id,nama,jenis_kapal,catatan\nK-90,1,KM 90,Motor,baru\n",
    "kapal.json": """
    {"kelompok_nelayan_id": 3, "no_registrasi_kapal": "K-91", "nama_kapal": "KM 91", "jenis_kapal": "Motor",
     "ukuran_gt": 12.5}
    """,
    "komoditas.csv": "kode_komoditas,nama_komoditas,kategori,satuan\nCUM,Cumi,Cumi,kg\nKER,Kerapu,Ikan,kg\n",
    "before.json": report(1_000),
    "after.json": report(1_500),
    "pegawai.csv": "id,no_hp\n1,081234567890\n2,081234567891\n",
  ]
  /// Of a bench.
  private static func report(_ calls: Int) -> String {
    """
    {"scenario":"get","connections":8,"depth":1,"client":false,"callsPerSecond":\(calls),"calls":\(calls * 5),\
    "failed":0,"errors":{},"latencyMicroseconds":{"p50":10,"p90":20,"p99":30,"p99.9":40,"max":50}}
    """
  }
}

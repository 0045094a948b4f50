import BahariDemo
import BahariPostgres
import Glibc

/// Puts the demo's rows into an empty database, once: all of them or none.
struct DemoFilling {
  let seed: UInt32

  /// Finds the rows there, or puts them in; refuses a database with other rows.
  func run(_ session: Session) throws {
    let filled = try session.transaction { () -> [DemoTable] in
      // Two daemons on one database wait for each other.
      try session.query("SELECT pg_advisory_xact_lock(hashtextextended('bahari.demo', 0))")
      try session.execute("CREATE TABLE IF NOT EXISTS bahari.demo (seed bigint NOT NULL)")
      // A demo of the time when it had the four tables of regions, which are the first, is filled up.
      try session.execute("ALTER TABLE bahari.demo ADD COLUMN IF NOT EXISTS tables integer NOT NULL DEFAULT 4")
      let found = try session.query("SELECT seed, tables::bigint FROM bahari.demo")
      if let other = found.first, other != Int64(seed) { throw DemoError.otherSeed(other, wanted: seed) }
      let done = found.count > 0 ? Int(found.int64(0, 1) ?? 0) : 0
      // Made only where it is needed.
      if done == Country.tableCount { return [] }
      let tables = Array(Country(seed: UInt64(seed)).tables.dropFirst(done))
      for table in tables { try refuseOthers(table, session) }
      try fill(tables, session)
      try session.execute("DELETE FROM bahari.demo")
      try session.query("INSERT INTO bahari.demo VALUES ($1, $2)", ["\(seed)", "\(Country.tableCount)"])
      return tables
    }
    guard !filled.isEmpty else { return Log.say("baharid: the demo's rows of seed \(seed) are there already") }
    // Counts and lists need not look into each row for who may see it, and plans are made for full tables.
    try session.execute("VACUUM (ANALYZE) \(filled.map { "public.\($0.name)" }.joined(separator: ", "))")
  }

  private func refuseOthers(_ table: DemoTable, _ session: Session) throws {
    let rows = try session.query("SELECT 1 FROM public.\(table.name) LIMIT 1")
    if rows.count > 0 { throw DemoError.otherRows("public.\(table.name)") }
  }

  private func fill(_ tables: [DemoTable], _ session: Session) throws {
    let total = tables.reduce(0) { $0 + $1.count }
    Log.say("baharid: filling \(tables.count) tables with \(total) rows of seed \(seed)")
    var progress = FillingProgress(total: total)
    for table in tables {
      let columns = table.columns.joined(separator: ", ")
      try session.copy("COPY public.\(table.name) (\(columns)) FROM STDIN") { send in
        var text = CopyText()
        try table.forEach { row in
          text.add(row)
          guard text.bytes.count >= CopyText.piece else { return }
          try send(text.bytes)
          progress.add(text.rows, of: table)
          text.removeAll()
        }
        try send(text.bytes)
        progress.add(text.rows, of: table)
      }
      // The rows bring their ids along: the next that PostgreSQL gives comes behind them. Regions have no sequence.
      try session.query(
        "SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT max(id) FROM public.\(table.name)))",
        ["public.\(table.name)"])
    }
    progress.clear()
  }
}

/// Rows in the text format of COPY.
private struct CopyText {
  /// How many bytes are worth sending.
  static let piece = 65_536

  private(set) var bytes: [UInt8] = []
  private(set) var rows = 0

  mutating func add(_ row: [String?]) {
    for (place, value) in row.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: "\t")) }
      guard let value else {
        bytes.append(contentsOf: #"\N"#.utf8)
        continue
      }
      // Hardly any value has what COPY would take for its own.
      guard strpbrk(value, "\\\t\n\r") != nil else {
        bytes.append(contentsOf: value.utf8)
        continue
      }
      for byte in value.utf8 {
        switch byte {
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case UInt8(ascii: "\t"): bytes.append(contentsOf: #"\t"#.utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
        case UInt8(ascii: "\r"): bytes.append(contentsOf: #"\r"#.utf8)
        default: bytes.append(byte)
        }
      }
    }
    bytes.append(UInt8(ascii: "\n"))
    rows += 1
  }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    rows = 0
  }
}

/// Why a database is not the demo's to fill or serve, and what to do.
enum DemoError: Error, CustomStringConvertible {
  case otherRows(String)
  case otherSeed(Int64, wanted: UInt32)

  var description: String {
    switch self {
    case .otherRows(let table):
      "\(table) holds rows that are not the demo's: name an empty folder with --data-dir or an empty database with"
        + " --database, or serve what is there with 'baharid serve'"
    case .otherSeed(let found, let wanted):
      "the database holds the demo of seed \(found), not of \(wanted): start with --seed \(found), or name an empty"
        + " folder with --data-dir"
    }
  }
}

/// A line on the terminal that says how far it is; silent anywhere else.
private struct FillingProgress {
  let total: Int
  private let isShown = isatty(STDOUT_FILENO) == 1
  private var done = 0
  private var doneOfTable = 0
  private var table = ""

  init(total: Int) { self.total = total }

  mutating func add(_ count: Int, of table: DemoTable) {
    if table.name != self.table { (self.table, doneOfTable) = (table.name, 0) }
    done += count
    doneOfTable += count
    show(
      "\r\u{1b}[K\(table.name): \(doneOfTable) of \(table.count) rows; all: \(done) of \(total), \(done * 100 / total) %"
    )
  }

  func clear() { show("\r\u{1b}[K") }

  private func show(_ text: String) {
    guard isShown else { return }
    // A terminal that is gone is no reason to stop.
    _ = text.utf8.withContiguousStorageIfAvailable { write(STDOUT_FILENO, $0.baseAddress, $0.count) }
  }
}

extension Rows {
  /// The first row's first column.
  fileprivate var first: Int64? { count > 0 ? int64(0, 0) : nil }
}

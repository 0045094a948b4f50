import BahariDemo
import BahariPostgres
import Glibc

/// Puts the demo's regions into an empty database, once: all of them or none.
struct DemoFilling {
  let seed: UInt32

  /// Rows a statement.
  private static let batch = 5_000

  /// Finds the regions there, or puts them in; refuses a database with other rows.
  func run(_ session: Session) throws {
    let wasFilled = try session.transaction {
      // Two daemons on one database wait for each other.
      try session.query("SELECT pg_advisory_xact_lock(hashtextextended('bahari.demo', 0))")
      try session.execute("CREATE TABLE IF NOT EXISTS bahari.demo (seed bigint NOT NULL)")
      if let found = try session.query("SELECT seed FROM bahari.demo").first {
        guard found == Int64(seed) else { throw DemoError.otherSeed(found, wanted: seed) }
        return false
      }
      try refuseOthers(session)
      try fill(session)
      try session.query("INSERT INTO bahari.demo (seed) VALUES ($1)", ["\(seed)"])
      return true
    }
    guard wasFilled else { return Log.say("baharid: the demo's regions of seed \(seed) are there already") }
    // Counts and lists need not look into each row for who may see it, and plans are made for full tables.
    try session.execute("VACUUM (ANALYZE) \(Level.all.map(\.table).joined(separator: ", "))")
  }

  private func refuseOthers(_ session: Session) throws {
    for level in Level.all {
      let rows = try session.query("SELECT id::bigint FROM \(level.table) LIMIT 1")
      if rows.count > 0 { throw DemoError.otherRows(level.table) }
    }
  }

  private func fill(_ session: Session) throws {
    let regions = Regions(seed: UInt64(seed))
    let levels = [regions.provinces, regions.regencies, regions.districts, regions.villages]
    let total = levels.reduce(0) { $0 + $1.count }
    Log.say("baharid: filling the database with \(total) regions of seed \(seed)")
    var progress = FillingProgress(total: total)
    for (level, rows) in zip(Level.all, levels) {
      for start in stride(from: 0, to: rows.count, by: DemoFilling.batch) {
        let batch = rows[start..<min(start + DemoFilling.batch, rows.count)]
        try session.query(level.insert, DemoFilling.parameters(batch))
        progress.add(batch.count)
      }
    }
    progress.clear()
  }

  private static func parameters(_ regions: ArraySlice<Region>) -> Parameters {
    var (ids, parents) = (ArrayParameter(of: .int8), ArrayParameter(of: .int8))
    var (names, alternatives) = (ArrayParameter(of: .text), ArrayParameter(of: .text))
    var (latitudes, longitudes) = (ArrayParameter(of: .float8), ArrayParameter(of: .float8))
    for region in regions {
      ids.append(region.id)
      if let parent = region.parent { parents.append(parent) } else { parents.appendNull() }
      names.append(text: region.name)
      if let name = region.alternative { alternatives.append(text: name) } else { alternatives.appendNull() }
      latitudes.append(region.latitude)
      longitudes.append(region.longitude)
    }
    var parameters = Parameters()
    for array in [ids, parents, names, alternatives, latitudes, longitudes] { parameters.add(array) }
    return parameters
  }
}

/// One of the region tables, the parents' first.
private struct Level {
  let table: String
  /// The column that refers to the parent.
  let parent: String?

  static let all = [
    Level(table: "public.mst_provinsi", parent: nil),
    Level(table: "public.mst_kabupaten", parent: "province_id"),
    Level(table: "public.mst_kecamatan", parent: "regency_id"),
    Level(table: "public.mst_desa", parent: "district_id"),
  ]

  /// PostgreSQL makes of each value what its column holds.
  var insert: String {
    let column = parent.map { "\($0), " } ?? ""
    let value = parent == nil ? "" : "parent, "
    return """
      INSERT INTO \(table) (id, \(column)name, alt_name, latitude, longitude)
      SELECT id, \(value)name, alternative, latitude, longitude
      FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::float8[], $6::float8[])
        AS region (id, parent, name, alternative, latitude, longitude)
      """
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

  init(total: Int) { self.total = total }

  mutating func add(_ count: Int) {
    done += count
    show("\r\u{1b}[K\(done) of \(total) rows, \(done * 100 / total) %")
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

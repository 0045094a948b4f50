import ArgumentParser
import BahariDemo
import BahariMigration
import BahariPostgres
import Foundation

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves a made-up country at the scale of Indonesia, to try calls on.",
    discussion: """
      34 provinces by their names, 514 regencies, 7,266 districts and 83,467 villages made from a seed, and what \
      happens there from 2025 to the middle of 2026: fishers' groups and their vessels, those who look after \
      them, catches, aid, training, certificates and attendance. At the first start an empty database gets the \
      \(LegacySchema.tables.count) tables of the old service with their rows; they are migrated before your eyes, and \
      the new tables and columns are filled, which takes some seconds. Later starts find all of it there. A database \
      that holds other rows is refused.

      Without --database a private PostgreSQL is kept under a data directory of the demo's own \
      (/var/lib/bahari-demo, or bahari-demo in the user's data folder). Otherwise it serves as 'baharid serve' does.

        baharid demo
        baharid demo --data-dir ./demo --socket ./demo.sock --seed 7
      """)

  @Option(help: "What the country is made from: the same seed gives the same rows.")
  var seed: UInt32 = 1

  @Flag(help: "Makes the old service's tables with their rows and ends, to try 'baharid migrate' on.")
  var oldTables = false

  @OptionGroup var options: ServeOptions

  func run() async throws {
    if oldTables { return try await makeOldTables() }
    let (seed, folder) = (seed, options.dataDir)
    let isPrivate = options.database == nil
    // Where the clients look by themselves they need not be told.
    let socket = options.socket.map { " --socket \($0)" } ?? ""
    var preset = Preset()
    preset.folder = "bahari-demo"
    preset.prepare = { session in
      let filling = DemoFilling(seed: seed)
      if try filling.makeLegacy(session) { try DemoMigration.run(session) }
    }
    preset.fill = { session in
      let filling = DemoFilling(seed: seed)
      try filling.complete(session)
    }
    preset.ready = {
      Log.say("Try:")
      for call in Demo.calls { Log.say("  bahari \(call)\(socket)") }
      guard isPrivate, let place = try? Places.data(folder, named: "bahari-demo") else { return }
      Log.say("Once it is stopped, the migration can be looked at and taken back:")
      for verb in ["status", "verify", "undo"] { Log.say("  baharid migrate \(verb) --data-dir \(place)") }
    }
    try await options.run(preset)
  }

  private func makeOldTables() async throws {
    var address = DatabaseAddress()
    (address.database, address.dataDir) = (options.database, options.dataDir)
    let seed = seed
    try await OutputOptions().run(on: address, folder: "bahari-demo") { conninfo in
      let made = try await inSession(conninfo) { try DemoFilling(seed: seed).makeLegacy($0) }
      guard made else { throw DemoError.notEmpty }
      Log.say("baharid: the old service's tables are there: baharid migrate plan, then run")
      return .done
    }
  }

  private static let calls = [
    "list desa --search \"ba'u\" --limit 5", "get provinsi 11", "list kabupaten --where province_id=35",
    "list produksi_hasil_tangkapan --search tuna --limit 5", "list absensi --where \"status=Masih Berjalan\" --limit 5",
    "bench get desa --depth 16",
  ]
}

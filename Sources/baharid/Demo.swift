import ArgumentParser
import BahariDemo
import BahariMigration
import BahariPostgres
import Foundation

struct Demo: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serves a made-up country at the scale of Indonesia, to try calls on.",
    discussion: """
      34 provinces with their real names, 514 regencies, 7,266 districts and 83,467 villages generated from a seed, \
      and their records from 2025 to the middle of 2026: fishers' groups and vessels, extension officers, catches, \
      aid, training, certificates and attendance. The first start creates the \(LegacySchema.tables.count) tables of the old service with \
      their rows in an empty database, migrates them with the progress shown, and fills the new tables and columns, \
      which takes some seconds. Later starts use the rows that are there. A database with other rows is refused.

      Without --database a private PostgreSQL is kept under the demo's data directory (/var/lib/bahari-demo, or \
      bahari-demo in the user's data folder). In all else it works like 'baharid serve'.

        baharid demo
        baharid demo --data-dir ./demo --socket ./demo.sock --seed 7
      """)

  @Option(help: "The seed of the rows: the same seed gives the same rows.")
  var seed: UInt32 = 1

  @Flag(help: "Create the old service's tables with their rows and exit, to try 'baharid migrate' on.")
  var oldTables = false

  @OptionGroup var options: ServeOptions

  func run() async throws {
    if oldTables { return try await makeOldTables() }
    let (seed, folder) = (seed, options.dataDir)
    let isPrivate = options.database == nil
    // The suggested calls need no `--socket` if the daemon serves on the default path.
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
      Log.say("After stopping the daemon, look at the migration or undo it:")
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
      Log.say("baharid: created the old service's tables; next: baharid migrate plan, then baharid migrate run")
      return .done
    }
  }

  private static let calls = [
    "list desa --search \"ba'u\" --limit 5", "get provinsi 11", "list kabupaten --where province_id=35",
    "list produksi_hasil_tangkapan --search tuna --limit 5", "list absensi --where \"status=Masih Berjalan\" --limit 5",
    "bench get desa --depth 16",
  ]
}

import BahariClient
import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// What the daemon reports about a PostgreSQL that may lose writes, and what it makes of settings of role, database
  /// and environment.
  @Suite(.startsDaemons) struct Durability {
    private static let ofCluster: Set = ["fsync", "full_page_writes", "synchronous_commit"]

    @Test("Unsafe durability is logged at the start, listed by health, and printed by the CLI")
    func reported() async throws {
      let daemon = try await Daemon.serving(database: "durability_reported")
      let log = daemon.child.standardError
      for subject in Self.ofCluster { #expect(log.contains("unsafe durability: \(subject) is off"), "\(log)") }
      #expect(log.contains("--allow-unsafe-durability silences"))
      #expect(Set(try await daemon.client.healthReply().details.map(\.subject)) == Self.ofCluster)
      let ran = try await daemon.bahari("health")
      #expect(ran.output == "SERVING\n" && ran.exit == 0)
      #expect(ran.error.contains("warning: fsync is off") && ran.error.split(separator: "\n").count == 3)
      try await daemon.sql("ALTER TABLE public.trx_absensi SET UNLOGGED")
      try await eventually("the unlogged table in health") {
        try await daemon.client.healthReply().details.contains { $0.subject == "public.trx_absensi" }
      }
      #expect(try await daemon.stop() == 0)
    }

    @Test("--allow-unsafe-durability silences log and health")
    func allowed() async throws {
      let daemon = try await Daemon.serving(database: "durability_allowed", ["--allow-unsafe-durability"])
      #expect(try await daemon.client.healthReply().details == [])
      let ran = try await daemon.bahari("health")
      #expect(ran.output == "SERVING\n" && ran.error.isEmpty)
      #expect(daemon.child.standardError.isEmpty, "\(daemon.child.standardError)")
      #expect(try await daemon.stop() == 0)
    }

    @Test("The private PostgreSQL is durable")
    func ownCluster() async throws {
      let folder = try Place.fresh("data")
      let daemon = try Daemon(socket: try Place.fresh("sock"), ["--data-dir", folder])
      try await daemon.ready()
      #expect(try await daemon.client.healthReply().details == [])
      #expect(!daemon.child.standardError.contains("durability"), "\(daemon.child.standardError)")
      #expect(try await daemon.stop() == 0)
    }

    @Test("Settings of the role and the environment change nothing; a trigger that depends on the path is logged")
    func hostile() async throws {
      let cluster = try await TestCluster.shared()
      let made = try await MigratedDatabase.make("durability_hostile")
      try await cluster.execute(
        """
        DROP ROLE IF EXISTS durability_hostile;
        CREATE ROLE durability_hostile LOGIN SUPERUSER;
        ALTER ROLE durability_hostile SET default_transaction_isolation = 'repeatable read';
        ALTER ROLE durability_hostile SET default_transaction_read_only = on;
        ALTER ROLE durability_hostile SET search_path = nowhere;
        """)
      try await cluster.execute(
        """
        CREATE FUNCTION public.catat() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
        """, in: made.name)
      try await cluster.execute(
        "CREATE TRIGGER catat BEFORE INSERT ON public.mst_role FOR EACH ROW EXECUTE FUNCTION public.catat()",
        in: made.name)
      var daemon = try Daemon(
        socket: try Place.fresh("sock"), ["--database", made.conninfo + " user=durability_hostile"],
        environment: ["PGTZ": "Asia/Jakarta", "PGDATESTYLE": "SQL, DMY", "PGOPTIONS": "-c search_path=nowhere"])
      daemon.database = made.name
      try await daemon.ready()
      let log = daemon.child.standardError
      #expect(log.contains("mst_role: trigger catat calls public.catat() with the search path pg_catalog"), "\(log)")
      let create = try await daemon.bahari("create", "role", "--set", "level_role=1", "--set", "nama_role=Penyuluh")
      #expect(create.exit == 0, "\(create.error)")
      let age = try await daemon.sql(
        "SELECT count(*) FROM public.mst_role WHERE created_at BETWEEN (now() AT TIME ZONE 'UTC') - interval '1 hour' "
          + "AND (now() AT TIME ZONE 'UTC')")
      #expect(age == "1", "created_at is in UTC")
      #expect(try await daemon.stop() == 0)
    }
  }
}

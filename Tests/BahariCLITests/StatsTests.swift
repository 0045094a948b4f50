import BahariClient
import FakeDaemon
import Foundation
import Testing

@testable import bahari

extension Fixture {
  static let stats = Bahari_V1_GetStatsReply.with { reply in
    reply.responseCode = "2000000"
    reply.data.version = "1.2.3"
    reply.data.uptimeSeconds = 93_780
    reply.data.shards = 2
    reply.data.connections = 8
    reply.data.callsInFlight = 1
    reply.data.residentBytes = 53_477_376
    reply.data.methods = [
      .with {
        $0.method = "bahari.v1.DesaService/Get"
        $0.calls = 1_000
        $0.inFlight = 0
        $0.errors = [
          .with { ($0.code, $0.count) = ("NOT_FOUND", 3) }, .with { ($0.code, $0.count) = ("CANCELLED", 1) },
        ]
        $0.total = latency(1_000, 120)
        $0.wait = latency(999, 20)
        $0.database = latency(999, 90)
      },
      .with {
        $0.method = "grpc.health.v1.Health/Check"
        $0.calls = 2
        $0.total = latency(2, 5)
        $0.wait = latency(0, 0)
        $0.database = latency(0, 0)
      },
    ]
    reply.data.lanes = [
      .with {
        ($0.name, $0.connected, $0.syncs, $0.statements, $0.jobs, $0.keys) = ("quick lists", 2, 100, 200, 250, 1_000)
        ($0.repeats, $0.moves, $0.refusals, $0.losses, $0.waiting, $0.inFlight) = (1, 2, 3, 4, 5, 6)
      }
    ]
    reply.data.pools = [
      .with { ($0.name, $0.connecting, $0.idle, $0.leased, $0.waiting) = ("scans", 1, 2, 3, 4) }
    ]
    reply.data.sockets = .with {
      ($0.reads, $0.writes, $0.frames, $0.polls, $0.events) = (500, 400, 1_002, 0, 0)
    }
  }

  private static func latency(_ count: Int64, _ step: Int64) -> Bahari_V1_Latency {
    .with {
      $0.count = count
      ($0.p50, $0.p90, $0.p99, $0.p999, $0.max) = (step, 2 * step, 3 * step, 4 * step, 5 * step)
    }
  }
}

/// The output of `bahari stats`.
@Suite(.timeLimit(.minutes(2)))
struct StatsTests {
  private let villages = VillageDaemon()

  @Test func tablesAreForPeople() async throws {
    let daemon = try villages.start()
    let result = try await Command.run(["stats"], socket: daemon.path)
    #expect(result.status == 0 && result.error == "")
    #expect(
      result.output == """
        baharid 1.2.3, up 1 d 2 h, 51.0 MiB in memory
        shards 2, clients 8, calls in flight 1

        method                       µs of     count  p50  p90  p99  p99.9  max  errors
        ---------------------------  --------  -----  ---  ---  ---  -----  ---  ------------------------
        bahari.v1.DesaService/Get    calls      1000  120  240  360    480  600  NOT_FOUND 3, CANCELLED 1
                                     wait        999   20   40   60     80  100
                                     database    999   90  180  270    360  450
        grpc.health.v1.Health/Check  calls         2    5   10   15     20   25

        lane         up  syncs  jobs  statements  keys  keys/sync  keys/statement  repeats  moves  refusals  losses  waiting  in flight
        -----------  --  -----  ----  ----------  ----  ---------  --------------  -------  -----  --------  ------  -------  ---------
        quick lists   2    100   250         200  1000       10.0             5.0        1      2         3       4        5          6

        pool   connecting  idle  leased  waiting
        -----  ----------  ----  ------  -------
        scans           1     2       3        4

        reads  writes  frames  frames/write  polls  events  events/poll
        -----  ------  ------  ------------  -----  ------  -----------
          500     400    1002           2.5      0       0            -

        """)
    // It does not request the descriptors, which need PostgreSQL.
    #expect(villages.seen("Get").count == 1)
  }

  @Test func jsonIsForPrograms() async throws {
    let daemon = try villages.start()
    let result = try await Command.run(["stats", "-o", "json"], socket: daemon.path)
    #expect(result.status == 0 && result.error == "")
    #expect(
      result.output.hasPrefix("{\"responseCode\":\"2000000\",\"data\":{\"version\":\"1.2.3\",\"uptimeSeconds\":93780,"))
    #expect(result.output.contains("\"p999\":480,\"max\":600}") && result.output.hasSuffix("}\n"))
    #expect(result.output.contains("\"errors\":[{\"code\":\"NOT_FOUND\",\"count\":3}"))
  }

  @Test func withoutADaemonItFails() async throws {
    let result = try await Command.run(["stats"], socket: "/tmp/bahari-nobody.sock")
    #expect(result.status == 69 && result.output == "")
  }

  @Test(arguments: [(0, "0 s"), (59, "59 s"), (60, "1 min 0 s"), (3_600, "1 h 0 min"), (90_061, "1 d 1 h")])
  func uptimeIsShort(_ seconds: Int64, _ text: String) { #expect(StatsText.duration(seconds) == text) }
}

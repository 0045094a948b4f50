import BahariFrame
import BahariMessage

/// Encodes the reply of StatsService/Get.
enum StatsReply {
  /// Reads the statistics and encodes them. This runs outside of all shards, because adding up histograms would delay a
  /// shard's calls.
  static func encoded(from source: StatsSource, _ shape: ReplyShape) async -> [UInt8] {
    let stats = await source()
    let writer = WireWriter()
    shape.begin(writer)
    writer.field(shape.data) { StatsWriter(shape.within("data"), writer).write(stats) }
    return Array(writer.bytes)
  }
}

/// Encodes the messages of stats.proto. Their field numbers are found by name in the descriptors.
private struct StatsWriter {
  private let writer: WireWriter
  private let data, method, latency, error: FieldNumbers

  init(_ data: FieldNumbers, _ writer: WireWriter) {
    self.writer = writer
    self.data = data
    method = data.within("methods")
    latency = method.within("total")
    error = method.within("errors")
  }

  func write(_ stats: DaemonStats) {
    let total = stats.total
    writer.field(data["version"], string: stats.version)
    number(data["uptime_seconds"], stats.uptimeSeconds)
    number(data["shards"], stats.shards)
    number(data["connections"], total.connections)
    number(data["calls_in_flight"], total.callsInFlight)
    number(data["resident_bytes"], stats.residentBytes)
    for stats in total.methods where stats.calls > 0 || stats.inFlight > 0 {
      writer.field(data["methods"]) { write(stats) }
    }
    for (field, parts) in [("lanes", total.lanes), ("pools", total.pools)] {
      let fields = data.within(field)
      for counts in parts {
        writer.field(data[field]) {
          writer.field(fields["name"], string: counts.name)
          write(counts, fields)
        }
      }
    }
    writer.field(data["sockets"]) { write(total.sockets, data.within("sockets")) }
  }

  private func write(_ stats: MethodStats) {
    writer.field(method["method"], string: stats.method)
    number(method["calls"], stats.calls)
    number(method["in_flight"], stats.inFlight)
    for (code, count) in stats.errors {
      writer.field(method["errors"]) {
        writer.field(error["code"], string: code.name)
        number(error["count"], count)
      }
    }
    for (name, times) in [("total", stats.total), ("wait", stats.wait), ("database", stats.database)] {
      writer.field(method[name]) { write(times) }
    }
  }

  private func write(_ times: Latency) {
    number(latency["count"], times.count)
    for (name, percentile) in [("p50", 50), ("p90", 90), ("p99", 99), ("p999", 99.9), ("max", 100)] {
      number(latency[name], times.microseconds(percentile))
    }
  }

  private func write(_ counts: Counts, _ fields: FieldNumbers) {
    for (name, value) in counts.numbers.sorted(by: { $0.key < $1.key }) { number(fields[name], value) }
  }

  private func number(_ field: UInt32, _ value: Int) { writer.field(field, varint: UInt64(max(value, 0))) }
}

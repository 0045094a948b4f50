import BahariService
import BahariShard
import Glibc

extension DaemonStats {
  /// Asks one shard after the other and adds up what they say. `started` is the daemon's start, by the shards' clock.
  package static func gather(from servers: [ShardServer], version: String, started: UInt64) async -> DaemonStats {
    var total = ShardStats()
    for server in servers { total.add(await server.stats()) }
    return DaemonStats(
      version: version, uptimeSeconds: Int((Shard.now - started) / 1_000_000_000), shards: servers.count,
      residentBytes: residentBytes, total: total)
  }

  /// What the process has in memory; 0 where the system does not say.
  package static var residentBytes: Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    // The first two numbers are pages: of the address space, and of those in memory.
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 1 ? numbers[1] * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}

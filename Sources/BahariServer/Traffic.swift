/// Counters of one shard's client sockets: system calls, and frames sent.
final class Traffic {
  var reads = 0
  var writes = 0
  var frames = 0
}

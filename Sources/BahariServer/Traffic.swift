/// Counters for one shard's client sockets: read and write system calls, and frames sent.
final class Traffic {
  var reads = 0
  var writes = 0
  var frames = 0
}

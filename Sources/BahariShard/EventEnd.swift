/// Work that is done once at the end of an event: a connection's write, a lane's groups.
package protocol EventEnd: AnyObject {
  func eventEnded(on shard: isolated Shard)
}

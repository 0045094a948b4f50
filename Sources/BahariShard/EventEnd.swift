/// Work that is done once at the end of a shard's event: a connection writes its output, or a lane sends its groups.
package protocol EventEnd: AnyObject {
  func eventEnded(on shard: isolated Shard)
}

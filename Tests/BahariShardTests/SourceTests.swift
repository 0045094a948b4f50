import Glibc
import TestSupport
import Testing

@testable import BahariShard

/// The two ends of a socketpair, each closed with the last reference to it.
private struct Pair {
  let ours: OwnedFileDescriptor
  let theirs: OwnedFileDescriptor

  init() throws {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
    (ours, theirs) = (OwnedFileDescriptor(ends[0]), OwnedFileDescriptor(ends[1]))
  }

  static func put(_ byte: UInt8, into end: OwnedFileDescriptor) {
    var byte = byte
    #expect(write(end.raw, &byte, 1) == 1)
  }

  static func take(from end: OwnedFileDescriptor) -> UInt8? {
    var byte: UInt8 = 0
    return read(end.raw, &byte, 1) == 1 ? byte : nil
  }
}

/// Keeps sources alive; `@unchecked Sendable` because only closures on the shard use it.
private final class Kept: @unchecked Sendable {
  var sources: [Source] = []
  var events = 0
}

/// The inode of a socket, which is not reused soon, unlike the descriptor's number.
private func inode(_ descriptor: OwnedFileDescriptor) -> UInt64 {
  var info = stat()
  return fstat(descriptor.raw, &info) == 0 ? UInt64(info.st_ino) : 0
}

/// The inodes of all sockets that this process has open.
private func openSockets() -> Set<UInt64> {
  var found: Set<UInt64> = []
  guard let folder = opendir("/proc/self/fd") else { return [] }
  defer { closedir(folder) }
  while let entry = readdir(folder) {
    guard let number = Int32(withUnsafePointer(to: &entry.pointee.d_name.0) { String(cString: $0) }) else { continue }
    var info = stat()
    if fstat(number, &info) == 0 { found.insert(UInt64(info.st_ino)) }
  }
  return found
}

@Suite("Sources") struct SourceTests {
  @Test("a source reports bytes to read, and the end") func reading() async throws {
    let shard = Shard(name: "sources")
    let inbox = Inbox<UInt8?>()
    let kept = Kept()
    let pair = try Pair()
    let ours = pair.ours
    await shard.run { shard in
      let source = Source.reading(ours, on: shard) {
        let byte = Pair.take(from: ours)
        if byte == nil { kept.sources.first?.cancel() }
        inbox.put(byte)
      }
      kept.sources.append(source)
      source.resume()
    }
    for byte: UInt8 in 1...3 {
      Pair.put(byte, into: pair.theirs)
      #expect(try await inbox.next() == byte)
    }
    #expect(shutdown(pair.theirs.raw, Int32(SHUT_WR)) == 0)
    // The other end is shut: readable, with nothing in it.
    #expect(try await inbox.next() == nil)
  }

  @Test("bytes that were sent before the other end closed are all reported, however few are read at a time")
  func hangup() async throws {
    let shard = Shard(name: "sources")
    for suspends in [false, true] {
      let inbox = Inbox<UInt8?>()
      let kept = Kept()
      var ours: OwnedFileDescriptor?
      do {
        let pair = try Pair()
        for byte: UInt8 in 1...3 { Pair.put(byte, into: pair.theirs) }
        ours = pair.ours
      }
      let descriptor = try #require(ours)
      await shard.run { shard in
        let source = Source.reading(descriptor, on: shard) {
          let byte = Pair.take(from: descriptor)
          if byte == nil { kept.sources.first?.cancel() }
          if suspends { kept.sources.first?.suspend() }
          inbox.put(byte)
        }
        kept.sources.append(source)
        source.resume()
      }
      for byte: UInt8? in [1, 2, 3, nil] {
        #expect(try await inbox.next(within: .seconds(10)) == byte)
        await shard.run { _ in if suspends { kept.sources.first?.resume() } }
      }
    }
  }

  @Test("a source reports room to write, and nothing while there is none") func writing() async throws {
    let shard = Shard(name: "sources")
    let inbox = Inbox<Int>()
    let kept = Kept()
    let pair = try Pair()
    let block = [UInt8](repeating: 0, count: 65_536)
    var filled = 0
    while case let sent = write(pair.ours.raw, block, block.count), sent > 0 { filled += sent }
    await shard.run { shard in
      let source = Source.writing(pair.ours, on: shard) {
        kept.sources.first?.suspend()
        inbox.put(kept.events)
      }
      kept.sources.append(source)
      source.resume()
    }
    // Something else happens on the queue meanwhile; then the other end makes room.
    try await otherSourceFires(on: shard)
    await shard.run { _ in kept.events += 1 }
    var buffer = block
    while read(pair.theirs.raw, &buffer, buffer.count) > 0 {}
    #expect(filled > 0)
    #expect(try await inbox.next() == 1)
  }

  @Test("a suspended source reports nothing until it is resumed; suspending twice is once") func suspending()
    async throws
  {
    let shard = Shard(name: "sources")
    let inbox = Inbox<UInt8?>()
    let kept = Kept()
    let pair = try Pair()
    await shard.run { shard in
      let source = Source.reading(pair.ours, on: shard) {
        kept.events += 1
        inbox.put(Pair.take(from: pair.ours))
      }
      kept.sources.append(source)
    }
    for round: UInt8 in 1...5 {
      Pair.put(round, into: pair.theirs)
      try await otherSourceFires(on: shard)
      #expect(await shard.run { _ in kept.events } == Int(round) - 1)
      await shard.run { _ in
        kept.sources.first?.resume()
        kept.sources.first?.resume()
      }
      #expect(try await inbox.next() == round)
      await shard.run { _ in
        kept.sources.first?.suspend()
        kept.sources.first?.suspend()
        #expect(kept.sources.first?.isActive == false)
      }
    }
  }

  @Test("a source can be released while suspended, active or cancelled, and closes its descriptor") func closing()
    async throws
  {
    let shard = Shard(name: "sources")
    var inodes: Set<UInt64> = []
    for state in ["never resumed", "suspended", "active", "cancelled", "cancelled twice"] {
      let pair = try Pair()
      inodes.formUnion([inode(pair.ours), inode(pair.theirs)])
      await shard.run { shard in
        let source = Source.reading(pair.ours, on: shard) {}
        if state != "never resumed" { source.resume() }
        if state == "suspended" { source.suspend() }
        if state.hasPrefix("cancelled") { source.cancel() }
        if state == "cancelled twice" { source.cancel() }
        source.resume()
        if state.hasPrefix("cancelled") { #expect(Pair.take(from: pair.ours) == nil) }
      }
    }
    let all = inodes
    #expect(all.count == 10)
    try await eventually("all descriptors are closed") { openSockets().isDisjoint(with: all) }
  }

  @Test("1,000 sources on numbers that are reused: each reports, none stays open") func cycles() async throws {
    let shard = Shard(name: "sources")
    let inbox = Inbox<UInt8?>()
    var numbers: Set<Int32> = []
    var inodes: Set<UInt64> = []
    for cycle in 0..<1_000 {
      let pair = try Pair()
      numbers.insert(pair.ours.raw)
      inodes.formUnion([inode(pair.ours), inode(pair.theirs)])
      let kept = Kept()
      await shard.run { shard in
        let source = Source.reading(pair.ours, on: shard) {
          inbox.put(Pair.take(from: pair.ours))
          kept.sources.first?.cancel()
          kept.sources.removeAll()
        }
        kept.sources.append(source)
        source.resume()
      }
      Pair.put(UInt8(cycle % 256), into: pair.theirs)
      #expect(try await inbox.next() == UInt8(cycle % 256), "cycle \(cycle)")
    }
    #expect(numbers.count < 500, "numbers were not reused")
    let all = inodes
    try await eventually("all descriptors are closed") { openSockets().isDisjoint(with: all) }
  }

  @Test("a copied descriptor has a number of its own, and there is none of a closed one") func copying() throws {
    let pair = try Pair()
    let copy = try #require(OwnedFileDescriptor(copying: pair.ours.raw))
    #expect(copy.raw != pair.ours.raw)
    #expect(inode(copy) == inode(pair.ours))
    #expect(OwnedFileDescriptor(copying: -1) == nil)
  }

  /// Waits until another source of the shard has reported an event that came after this call.
  private func otherSourceFires(on shard: Shard) async throws {
    let inbox = Inbox<UInt8?>()
    let kept = Kept()
    let pair = try Pair()
    await shard.run { shard in
      let source = Source.reading(pair.ours, on: shard) {
        inbox.put(Pair.take(from: pair.ours))
        kept.sources.removeAll()
      }
      kept.sources.append(source)
      source.resume()
    }
    Pair.put(9, into: pair.theirs)
    #expect(try await inbox.next() == 9)
  }
}

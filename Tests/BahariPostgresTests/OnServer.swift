import TestSupport
import Testing

/// Tests of the driver on a real server: each has a database of its own, and a few run at a time, because they wait for
/// times that the driver measures in milliseconds.
private let turns = Turns(3)
private let threads = BlockingExecutor(threads: 3)

extension Trait where Self == OffPool {
  static var onServer: OffPool { .offPool(threads, atOnce: turns) }
}

import Foundation
import Synchronization
import Testing

/// Runs a suite's tests on threads of their own. A `Session`'s calls and a socket's reads block; on the few threads
/// that all tests share they would keep the tests of other suites from running, up to their deadlines.
package struct OffPool: SuiteTrait, TestTrait, TestScoping {
  package let isRecursive = true
  /// Those of several tests that run, where not all may run at a time.
  let turns: Turns?

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard let turns else { return try await run(body) }
    try await turns.take { try await run(body) }
  }

  private func run(_ body: @Sendable () async throws -> Void) async throws {
    try await withTaskExecutorPreference(BlockingExecutor.shared) { try await body() }
  }
}

extension Trait where Self == OffPool {
  /// For suites whose tests block.
  package static var offPool: OffPool { OffPool(turns: nil) }

  /// For suites whose tests block and share something: as many run at a time as there are turns. Several suites may
  /// name the same turns.
  package static func offPool(atOnce turns: Turns) -> OffPool { OffPool(turns: turns) }
}

/// A few threads that run whatever task prefers them, first come, first served.
package final class BlockingExecutor: TaskExecutor {
  package static let shared = BlockingExecutor(threads: 8)
  private static let threadName = "blocking test"
  private let jobs = Mutex<[UnownedJob]>([])
  private let added = DispatchSemaphore(value: 0)

  private init(threads: Int) {
    for _ in 0..<threads {
      let thread = Thread { [self] in
        while true { run() }
      }
      thread.name = BlockingExecutor.threadName
      thread.start()
    }
  }

  /// Whether the caller runs on one of the threads.
  package static var isCurrent: Bool { Thread.current.name == threadName }

  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    added.signal()
  }

  private func run() {
    added.wait()
    let job = jobs.withLock { $0.removeFirst() }
    job.runSynchronously(on: asUnownedTaskExecutor())
  }
}

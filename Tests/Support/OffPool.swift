import Foundation
import Synchronization
import Testing

/// Runs a suite's tests on threads of their own. A `Session`'s calls and a socket's reads block, and some tests compute
/// for seconds; on the few threads that all tests share they would keep the tests of other suites from running, up to
/// their deadlines.
package struct OffPool: SuiteTrait, TestTrait, TestScoping {
  package let isRecursive = true
  let executor: BlockingExecutor
  let turns: Turns?

  package func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    guard let turns else { return try await run(body) }
    try await turns.take { try await run(body) }
  }

  private func run(_ body: @Sendable () async throws -> Void) async throws {
    try await withTaskExecutorPreference(executor) { try await body() }
  }
}

extension Trait where Self == OffPool {
  /// For suites whose tests block or compute for seconds, and wait for nothing that other tests do. Only as many run at
  /// a time as there are threads: a test that waits for a thread would keep its connections to PostgreSQL meanwhile.
  package static var offPool: OffPool { .offPool(.shared, atOnce: .shared) }

  /// On threads of the suite's own. With `turns`, only as many tests run at a time: those of several suites, if these
  /// name the same turns.
  package static func offPool(_ executor: BlockingExecutor, atOnce turns: Turns? = nil) -> OffPool {
    OffPool(executor: executor, turns: turns)
  }
}

/// Threads that run the tasks that prefer them, first come, first served. A task that blocks keeps its thread.
package final class BlockingExecutor: TaskExecutor {
  /// For tests that work more than they wait: more at a time than processors would only slow each other down.
  package static let shared = BlockingExecutor(threads: sharedThreads)
  package static let sharedThreads = 3
  private static let mark = "blocking test"
  private let jobs = Mutex<[UnownedJob]>([])
  private let added = DispatchSemaphore(value: 0)

  /// The threads run until the process ends.
  package init(threads: Int) {
    for _ in 0..<threads {
      Thread.detachNewThread { [self] in
        Thread.current.threadDictionary[BlockingExecutor.mark] = true
        while true { run() }
      }
    }
  }

  /// Whether the caller runs on such a thread.
  package static var isCurrent: Bool { Thread.current.threadDictionary[mark] != nil }

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

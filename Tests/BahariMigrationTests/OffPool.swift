import Dispatch
import Testing

/// Runs a suite's tests one after the other on a thread of their own. A session's calls block; on the few threads that
/// all tests share they would keep the tests of other suites from running, up to their deadlines.
struct OffPool: SuiteTrait, TestTrait, TestScoping {
  let isRecursive = true

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(BlockingExecutor.shared) { try await function() }
  }
}

extension Trait where Self == OffPool {
  /// For suites that use a `Session`.
  static var offPool: OffPool { OffPool() }
}

final class BlockingExecutor: TaskExecutor {
  static let shared = BlockingExecutor()
  private let queue = DispatchQueue(label: "blocking tests")
  private let key = DispatchSpecificKey<Bool>()

  private init() { queue.setSpecific(key: key, value: true) }

  /// Whether the caller runs here.
  var isCurrent: Bool { DispatchQueue.getSpecific(key: key) == true }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

@Suite("Off the pool", .offPool) struct OffPoolTests {
  @Test("tests run on their own thread, also after they waited") func thread() async throws {
    #expect(BlockingExecutor.shared.isCurrent)
    await Task.yield()
    #expect(BlockingExecutor.shared.isCurrent)
    #expect(await Task.detached { !BlockingExecutor.shared.isCurrent }.value)
  }
}

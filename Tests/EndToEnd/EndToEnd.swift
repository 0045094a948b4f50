import TestSupport
import Testing

/// The real daemon, the real CLI, a real PostgreSQL. Suites run side by side, each with a daemon and a database of its
/// own; `.served` and `.startsDaemons` limit how many daemons run at a time.
@Suite(.offPool(.endToEnd)) enum EndToEnd {}

/// Tests that read a daemon's memory, processor time or open descriptors from the kernel. They run one after the other,
/// so that none of them counts what another one uses.
@Suite(.serialized, .offPool(.endToEnd)) enum Watched {}

extension BlockingExecutor {
  /// Enough for all tests that may run at a time and for the tasks that they start.
  static let endToEnd = BlockingExecutor(threads: 16)
}

extension Cluster {
  /// Nothing tells when a server ends that is nobody's child any more: look again and again.
  private static let interval = Duration.milliseconds(200)

  /// Starts the server again whenever it has ended, and says so, until the task is cancelled.
  ///
  /// A start that is under way at that moment is seen through, so that a `stop` afterwards finds what it started.
  package func keepRunning(report: @Sendable (String) -> Void) async {
    var pause = RestartPause()
    var since = ContinuousClock.now
    while (try? await Task.sleep(for: Cluster.interval)) != nil {
      guard Postmaster.running(on: starter.layout) == nil else { continue }
      await restart(after: ContinuousClock.now - since, &pause, report)
      since = .now
    }
  }

  private func restart(
    after life: Duration, _ pause: inout RestartPause, _ report: @Sendable (String) -> Void
  ) async {
    var life = life
    var wasTold = false
    while (try? await Task.sleep(for: pause.next(after: life))) != nil {
      do {
        if try await !starter.adopt() {
          guard !Task.isCancelled else { return }
          try await starter.start()
        }
        return report("the private PostgreSQL in \(folder) had ended and runs again; \(logFile) may say why")
      } catch ClusterError.cancelled {
        return
      } catch {
        if !wasTold { report("the private PostgreSQL in \(folder) has ended and does not start, trying on: \(error)") }
        wasTold = true
        life = .zero
      }
    }
  }
}

/// How long to wait before a start: not at all after a long life, else doubling from 100 ms to 5 s, ±25 %. A server
/// that cannot live must not keep the machine busy, and many must not come back at once.
struct RestartPause {
  static let longLife = Duration.seconds(60)

  private var milliseconds = 0

  mutating func next(after life: Duration) -> Duration {
    milliseconds = life >= RestartPause.longLife ? 0 : min(max(milliseconds * 2, 100), 5_000)
    return .milliseconds(milliseconds * Int.random(in: 75...125) / 100)
  }
}

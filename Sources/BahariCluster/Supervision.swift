extension Cluster {
  /// The interval between checks whether the server runs. No event reports the end of a process that is not a child of
  /// this one.
  private static let interval = Duration.milliseconds(200)

  /// Restarts the server whenever it has ended and reports each restart, until the task is cancelled.
  ///
  /// A restart that has begun is completed before this returns, so that a later `stop` finds the server.
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
    var wasReported = false
    while (try? await Task.sleep(for: pause.next(after: life))) != nil {
      do {
        if try await !starter.adopt() {
          guard !Task.isCancelled else { return }
          try await starter.start()
        }
        return report("the private PostgreSQL in \(folder) had ended and runs again; \(logFile) may have the reason")
      } catch ClusterError.cancelled {
        return
      } catch {
        if !wasReported {
          report("the private PostgreSQL in \(folder) has ended and does not start, retrying: \(error)")
        }
        wasReported = true
        life = .zero
      }
    }
  }
}

/// The pause before a restart: none if the server ran for `longLife`, otherwise doubled from 100 ms up to 5 s, ±25 %. A
/// server that crashes at once must not keep the machine busy, and several servers must not restart at the same time.
struct RestartPause {
  static let longLife = Duration.seconds(60)

  private var milliseconds = 0

  mutating func next(after life: Duration) -> Duration {
    milliseconds = life >= RestartPause.longLife ? 0 : min(max(milliseconds * 2, 100), 5_000)
    return .milliseconds(milliseconds * Int.random(in: 75...125) / 100)
  }
}

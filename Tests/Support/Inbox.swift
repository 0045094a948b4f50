/// Values from any thread, awaited with a deadline: a test whose value does not come fails instead of hanging.
///
///     let inbox = Inbox<Int>()
///     server.whenReady { inbox.put(1) }
///     #expect(try await inbox.next() == 1)
package final class Inbox<Value: Sendable>: Sendable {
  package struct Late: Error, CustomStringConvertible {
    package let description: String
  }

  private let stream: AsyncStream<Value>
  private let continuation: AsyncStream<Value>.Continuation

  package init() { (stream, continuation) = AsyncStream.makeStream(of: Value.self) }

  package func put(_ value: Value) { continuation.yield(value) }

  /// The next value in the order they were put; fails when none comes within `limit`.
  package func next(within limit: Duration = .seconds(300)) async throws -> Value {
    let value = try await withThrowingTaskGroup(of: Value?.self) { group in
      group.addTask { [stream] in
        for await value in stream { return value }
        return nil
      }
      group.addTask {
        try await Task.sleep(for: limit)
        return nil
      }
      defer { group.cancelAll() }
      return try await group.next() ?? nil
    }
    guard let value else { throw Late(description: "no \(Value.self) came within \(limit)") }
    return value
  }

  /// The next `count` values.
  package func next(_ count: Int, within limit: Duration = .seconds(300)) async throws -> [Value] {
    var values: [Value] = []
    for _ in 0..<count { values.append(try await next(within: limit)) }
    return values
  }
}

/// Evaluates `condition` repeatedly until it holds, for conditions that no event announces.
package func eventually(
  _ what: String, within seconds: Double = 300, _ condition: () async throws -> Bool
) async throws {
  let deadline = ContinuousClock.now + .seconds(seconds)
  while try await !condition() {
    guard ContinuousClock.now < deadline else {
      throw Inbox<Void>.Late(description: "\(what): not within \(seconds) s")
    }
    // The other side may need the core.
    try await Task.sleep(for: .milliseconds(5))
  }
}

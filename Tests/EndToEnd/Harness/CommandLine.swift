import BahariCluster
import Foundation
import Subprocess
import TestSupport

/// The outcome of a run of the CLI.
struct Ran {
  /// The exit code, or the negative signal.
  let exit: Int32
  let bytes: [UInt8]
  let error: String

  var output: String { String(decoding: bytes, as: UTF8.self) }

  /// Standard output as a JSON object.
  var json: [String: Any] {
    get throws {
      guard let object = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
        throw Trouble("no JSON object: \(output)")
      }
      return object
    }
  }

  init(_ status: TerminationStatus, _ bytes: [UInt8], _ error: String) {
    switch status {
    case .exited(let code): exit = code
    case .signaled(let signal): exit = -signal
    }
    self.bytes = bytes
    self.error = error
  }
}

extension Daemon {
  /// Runs `bahari` against this daemon to its end.
  func bahari(_ arguments: String..., input: [UInt8] = []) async throws -> Ran {
    try await bahari(arguments, input: input)
  }

  func bahari(_ arguments: [String], input: [UInt8] = []) async throws -> Ran {
    try await run("\(Place.programs)/bahari", arguments + ["--socket", socket], input: input)
  }

  /// Runs a line of bash in which `bahari` is the CLI, bound for this daemon.
  func shell(_ script: String) async throws -> Ran {
    let prelude = "bahari() { \"\(Place.programs)/bahari\" \"$@\" --socket \"\(socket)\"; }\n"
    return try await run("/bin/bash", ["-c", prelude + script])
  }

  func run(_ program: String, _ arguments: [String], input: [UInt8] = []) async throws -> Ran {
    let file = try InputFile(input)
    defer { withExtendedLifetime(file) {} }
    let result = try await Subprocess.run(
      .path(.init(program)), arguments: Arguments(arguments), input: file.input,
      output: .bytes(limit: 64 * 1_048_576), error: .string(limit: 1_048_576))
    return Ran(result.terminationStatus, result.standardOutput, result.standardError)
  }
}

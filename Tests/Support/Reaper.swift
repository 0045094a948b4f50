import BahariCluster
import Foundation
import Subprocess

/// A folder of its own for a test. Short, since the path of a socket in it is limited.
package enum TemporaryFolder {
  package static func make() throws -> String {
    _ = BrokenPipes.areErrors
    var template = Array("/tmp/bahari-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// Clears up when this process ends: by exit, crash or kill.
///
/// It is a shell that reads a socket whose other end only this process has. The kernel closes that end however the
/// process ends, which no handler in the process could guarantee.
package enum Reaper {
  /// Stops the cluster of a folder and deletes the folder.
  package static func watch(_ folder: String, binaries: ServerBinaries) throws {
    let script = #"""
      read -r _
      pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null)
      owner=$(stat -c %u "$1")
      stop="$2/pg_ctl stop -m immediate -w -t 30 -D $1/data"
      if [ -n "$pid" ]; then
        if [ "$(id -u)" = 0 ]; then setpriv --reuid="$owner" --clear-groups $stop; else $stop; fi
      fi
      rm -rf -- "$1"
      """#
    try run(script, [folder, binaries.folder])
  }

  /// Ends the processes whose files `NUMBER.pid` lie in the folder, and deletes the folder. A process that was
  /// waited for must have no file any more: its number may be another's by then.
  package static func watch(processesIn folder: String) throws {
    let script = #"""
      read -r _
      for file in "$1"/*.pid; do
        pid=$(basename "$file" .pid)
        kill -TERM "$pid" 2>/dev/null && { timeout 20 tail --pid="$pid" -f /dev/null || kill -KILL "$pid"; }
      done
      rm -rf -- "$1"
      """#
    try run(script, [folder])
  }

  private static func run(_ script: String, _ arguments: [String]) throws {
    var ends: [Int32] = [0, 0]
    // Not inherited: a child that had the other end too would keep the reaper waiting.
    let kind = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue
    guard socketpair(AF_UNIX, Int32(kind), 0, &ends) == 0 else { throw CocoaError(.fileReadUnknown) }
    // A session of its own, or an interrupt from the keyboard would end it along with the tests.
    var options = PlatformOptions()
    options.createSession = true
    let (session, readEnd) = (options, ends[0])
    // Waits for as long as the process lives; the result is not needed.
    Task.detached {
      _ = try await Subprocess.run(
        .path("/bin/sh"), arguments: Arguments(["-c", script, "reaper"] + arguments),
        workingDirectory: "/", platformOptions: session,
        input: .fileDescriptor(.init(rawValue: readEnd), closeAfterSpawningProcess: true),
        output: .discarded, error: .discarded)
    }
  }
}

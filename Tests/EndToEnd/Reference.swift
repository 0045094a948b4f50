import Foundation
import Testing

extension EndToEnd {
  /// The committed reference is the one that the daemon's description gives.
  @Suite(.served("reference")) struct Reference {
    private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Proto/REFERENCE.md")

    @Test("Proto/REFERENCE.md is the output of bahari describe --markdown")
    func current() async throws {
      let ran = try await Daemon.shared.bahari("describe", "--markdown")
      #expect(ran.exit == 0 && ran.error.isEmpty, "\(ran.error)")
      let committed = try String(contentsOf: Self.file, encoding: .utf8)
      guard ran.output != committed else { return }
      let change = ran.output.split(separator: "\n").difference(from: committed.split(separator: "\n"))
      let lines = change.prefix(20).map { step in
        switch step {
        case .insert(_, let line, _): "+ \(line)"
        case .remove(_, let line, _): "- \(line)"
        }
      }
      Issue.record(
        """
        Proto/REFERENCE.md is stale; with a daemon of this version running, renew it:
          bahari describe --markdown >Proto/REFERENCE.md
        \(lines.joined(separator: "\n"))
        """)
    }

    @Test("One resource has its section of it, and nothing else")
    func section() async throws {
      let all = try await Daemon.shared.bahari("describe", "--markdown").output
      let one = try await Daemon.shared.bahari("describe", "--markdown", "kelompok-nelayan").output
      #expect(all.contains(one) && one.hasPrefix("\n## kelompok_nelayan\n"))
      #expect(!one.contains("mst_desa") && one.contains("Aktif, Tidak Aktif, Pembinaan"))
      #expect(try await Daemon.shared.bahari("describe", "--markdown", "-o", "json").exit == 64)
    }
  }
}

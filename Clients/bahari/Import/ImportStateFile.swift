import Glibc

/// The file with the state of an import, one for each combination of input file, resource and daemon.
struct ImportStateFile {
  let path: String

  /// Chooses a path in `$XDG_STATE_HOME`, else in `~/.local/state`. Nil if neither is known, or if `input` is standard
  /// input or does not exist.
  init?(input: String, resource: String, socket: String) {
    guard input != "-", let real = realpath(input, nil) else { return nil }
    defer { free(real) }
    let home = Screen.environment("HOME").map { $0 + "/.local/state" }
    guard let folder = Screen.environment("XDG_STATE_HOME").flatMap({ $0.isEmpty ? nil : $0 }) ?? home else {
      return nil
    }
    var name = ImportPlace()
    Array("\(resource)\n\(String(cString: real))\n\(socket)".utf8).withUnsafeBytes { name.add($0) }
    path = "\(folder)/bahari/import-\(String(name.hash, radix: 16))"
  }

  func read() -> ImportState? {
    guard let input = try? InputFile(path), let bytes = try? input.all(atMost: 65_536) else { return nil }
    return ImportState(String(decoding: bytes, as: UTF8.self))
  }

  /// Writes the state, replacing the file atomically.
  ///
  /// - Returns: whether the file was written.
  func write(_ state: ImportState) -> Bool {
    makeFolders()
    let draft = "\(path).\(getpid())"
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { return false }
    let bytes = Array(state.text.utf8)
    let isWritten = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) } == bytes.count
    close(descriptor)
    return isWritten && rename(draft, path) == 0
  }

  func remove() { unlink(path) }

  private func makeFolders() {
    let parts = path.split(separator: "/").dropLast()
    for count in parts.indices { mkdir("/" + parts[...count].joined(separator: "/"), 0o700) }
  }
}

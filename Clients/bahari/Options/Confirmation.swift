import BahariClient

/// Asks before a deletion.
enum Confirmation {
  /// - Parameter question: what would happen, without a question mark.
  /// - Throws: `Failure` if the answer is not yes, or if standard input or error is no terminal.
  static func ask(_ question: String) throws {
    guard StandardError.isTerminal, InputFile.isTerminal else {
      throw Failure(.invalidArgument, "\(question): this is no terminal to ask at; confirm with --yes")
    }
    StandardError.write("\(TableText.escaped(question)). Go on? [y/N] ")
    let answer = (readLine() ?? "").trimmed.lowercased()
    guard ["y", "yes", "ya"].contains(answer) else { throw Failure(.cancelled, "nothing was deleted") }
  }
}

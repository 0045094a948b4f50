import BahariClient

/// Asks the user to confirm a deletion.
enum Confirmation {
  /// - Parameter question: the deletion as a statement, without a question mark.
  /// - Throws: `Failure` if the answer is not yes, or if standard input or standard error is not a terminal.
  static func ask(_ question: String) throws {
    guard StandardError.isTerminal, InputFile.isTerminal else {
      throw Failure(.invalidArgument, "\(question): this is no terminal to ask at; confirm with --yes")
    }
    StandardError.write("\(TableText.escaped(question)). Go on? [y/N] ")
    let answer = (readLine() ?? "").trimmed.lowercased()
    guard ["y", "yes", "ya"].contains(answer) else { throw Failure(.cancelled, "nothing was deleted") }
  }
}

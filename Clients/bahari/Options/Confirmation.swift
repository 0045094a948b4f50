import BahariClient

/// Asks before what cannot be undone.
enum Confirmation {
  /// - Parameter question: what is going to happen, without a question mark.
  /// - Throws: `Failure` where the answer is not yes, or where there is nobody to ask.
  static func ask(_ question: String) throws {
    guard StandardError.isTerminal, InputFile.isTerminal else {
      throw Failure(.invalidArgument, "\(question): nobody can be asked here, so write --yes if that is wanted")
    }
    StandardError.write("\(TableText.escaped(question)). Go on? [y/N] ")
    let answer = (readLine() ?? "").trimmed.lowercased()
    guard ["y", "yes", "ya"].contains(answer) else { throw Failure(.cancelled, "nothing was deleted") }
  }
}

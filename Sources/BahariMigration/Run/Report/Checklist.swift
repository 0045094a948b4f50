/// A checklist of the design (its sections 5.1 and 9.6). An item is ticked when the run did it or checked it; every
/// other item has the command or the advice that does it.
package struct Checklist: Encodable, Sendable {
  package struct Item: Encodable, Sendable {
    package let text: String
    /// The proof that it was done; nil where it was not.
    package let evidence: String?
    /// A command that does or checks it, or advice.
    package let command: String
  }

  package let title: String
  package let items: [Item]
}

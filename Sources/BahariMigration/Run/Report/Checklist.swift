/// A checklist of the design (its sections 5.1 and 9.6). An item is ticked if the run did or checked it; every other
/// item has a command or advice instead.
package struct Checklist: Encodable, Sendable {
  package struct Item: Encodable, Sendable {
    package let text: String
    /// The proof that the item is done; nil if it is not.
    package let evidence: String?
    /// A command that does or checks the item, or advice.
    package let command: String
  }

  package let title: String
  package let items: [Item]
}

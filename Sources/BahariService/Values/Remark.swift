import BahariCatalog
import BahariFrame

/// A warning in a reply about a field whose value is unusual but was accepted.
struct Remark: Equatable {
  let field: String
  let description: String

  func encode(_ number: UInt32, into writer: WireWriter) {
    writer.field(number) {
      writer.field(1, string: field)
      writer.field(2, string: description)
    }
  }
}

import BahariCatalog
import BahariFrame

/// Something odd about a value that was accepted all the same; a warning of the reply.
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

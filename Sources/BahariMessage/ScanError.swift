/// The reason why the scan refuses a message, and the field at fault.
package struct ScanError: Error, Equatable, CustomStringConvertible {
  /// Names of the field and of those around it, outermost first: data, name.
  package var path: [String]
  package var description: String

  init(_ description: String) {
    path = []
    self.description = description
  }
}

/// The reason why `Scan` refuses a message, and the field at fault.
package struct ScanError: Error, Equatable, CustomStringConvertible {
  /// The names of the faulty field and the fields that contain it, outermost first, such as `data`, `name`.
  package var path: [String]
  package var description: String

  init(_ description: String) {
    path = []
    self.description = description
  }
}

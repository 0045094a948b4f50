/// A size as text for people: `7.64 MB`, `512 MB`.
package struct Megabytes: CustomStringConvertible {
  let bytes: Int64

  package init(_ bytes: Int64) { self.bytes = bytes }

  package var description: String {
    bytes < 10_000_000 ? "\(Double(bytes / 10_000) / 100) MB" : "\(bytes / 1_000_000) MB"
  }
}

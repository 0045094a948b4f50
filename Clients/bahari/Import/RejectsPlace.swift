/// How much of a file of rejects is known to be about what an import has done.
struct RejectsPlace: Equatable {
  /// Absolute, without links.
  var path: String
  /// Bytes.
  var size: Int
}

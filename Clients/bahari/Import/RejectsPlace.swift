/// How much of a file of rejected rows concerns batches that are done.
struct RejectsPlace: Equatable {
  /// The absolute path, without symbolic links.
  var path: String
  /// Bytes.
  var size: Int
}

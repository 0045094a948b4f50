/// The path of a file of rejected rows, and the size up to which it is written.
struct RejectsPlace: Equatable {
  /// The absolute path of the file, without symbolic links.
  var path: String
  /// The size in bytes.
  var size: Int
}

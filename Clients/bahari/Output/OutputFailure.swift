/// A failure to read a file or to write the output.
struct OutputFailure: Error {
  var message: String
  var isBrokenPipe = false
}

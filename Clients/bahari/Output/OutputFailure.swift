/// Why the output, or the input, failed.
struct OutputFailure: Error {
  var message: String
  var isBrokenPipe = false
}

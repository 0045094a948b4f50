/// Why an import ended before the end of its file.
struct ImportStopped: Error {
  var firstLine: Int
  var lastLine: Int
  var faults: [RowFault]
}

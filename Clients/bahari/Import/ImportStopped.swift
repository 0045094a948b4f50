/// The error of an import that stopped at a batch with bad rows.
struct ImportStopped: Error {
  var firstLine: Int
  var lastLine: Int
  var faults: [RowFault]
}

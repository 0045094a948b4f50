/// A workload that makes rows, which are deleted afterwards.
protocol RowMaking: Workload {
  var made: MadeRows { get }
}

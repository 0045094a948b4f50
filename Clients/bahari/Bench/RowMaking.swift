/// Requests that make rows, which are to be deleted afterwards.
protocol RowMaking: Workload {
  var made: MadeRows { get }
}

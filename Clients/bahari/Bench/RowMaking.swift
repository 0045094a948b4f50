/// A workload that creates rows, which are deleted after the load unless --keep is given.
protocol RowMaking: Workload {
  var made: MadeRows { get }
}

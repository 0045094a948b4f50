import BahariPostgres

/// Rows of a batch that give the same columns, so that one statement can write them.
struct BatchGroup {
  let present: [Int]
  let sets: [Int]
  /// Whether a row may become too long for a reply by what it is given.
  let isLarge: Bool
  var rows: [BatchRequest.Row]

  /// The groups of a batch. Their rows are in the order of the natural keys, which is the same for all batches: two
  /// batches that wrote the same rows in different orders would wait for each other.
  static func groups(of rows: [BatchRequest.Row], _ resource: Resource) -> [BatchGroup] {
    var groups: [BatchGroup] = []
    for row in sorted(rows, by: resource.naturalKeyPlace) {
      if let index = groups.lastIndex(where: { $0.accepts(row) }) {
        groups[index].rows.append(row)
      } else {
        groups.append(BatchGroup(present: row.present, sets: row.sets, isLarge: row.isLarge, rows: [row]))
      }
    }
    return groups
  }

  /// The rows in the order of their values in a column; rows without a value come last and keep their order.
  private static func sorted(_ rows: [BatchRequest.Row], by column: Int) -> [BatchRequest.Row] {
    let keyed = rows.compactMap { row in row.values[column].map { (key: $0.key, row: row) } }
    return keyed.sorted { $0.key < $1.key }.map(\.row) + rows.filter { $0.values[column] == nil }
  }

  private func accepts(_ row: BatchRequest.Row) -> Bool {
    present == row.present && sets == row.sets && isLarge == row.isLarge
  }

  func with(_ rows: some Sequence<BatchRequest.Row>) -> BatchGroup {
    BatchGroup(present: present, sets: sets, isLarge: isLarge, rows: Array(rows))
  }

  func shape(_ action: BatchShape.Action) -> BatchShape {
    BatchShape(action: action, present: present, sets: sets, isLarge: isLarge)
  }

  /// Whether the rows name their natural keys, so that they may match existing rows.
  func hasKeys(_ resource: Resource) -> Bool { present.contains(resource.naturalKeyPlace) }

  /// Whether the rows have ids that only a sequence may assign. Such an id can match an existing row, but no row is
  /// inserted with it.
  func onlyMatches(_ resource: Resource) -> Bool {
    resource.naturalKey.live.isSerial && hasKeys(resource)
  }

  /// Whether rows that do not exist yet can be inserted with the columns given.
  func canInsert(_ resource: Resource) -> Bool {
    !onlyMatches(resource)
      && resource.columns.indices.allSatisfy { !resource.columns[$0].isMandatory || present.contains($0) }
  }

  /// The parameters of a statement that writes the rows: one array per column, in the order of `present`.
  func parameters(_ resource: Resource) -> Parameters {
    var parameters = Parameters()
    for column in present { parameters.add(values(of: column, resource)) }
    return parameters
  }

  /// The parameter of the statement that finds existing rows: one array with the rows' natural keys.
  func keys(_ resource: Resource) -> Parameters {
    var parameters = Parameters()
    parameters.add(values(of: resource.naturalKeyPlace, resource))
    return parameters
  }

  private func values(of column: Int, _ resource: Resource) -> ArrayParameter {
    var array = ArrayParameter(of: BatchSQL.transport(resource.columns[column].type))
    for row in rows { (row.values[column] ?? .null).append(to: &array) }
    return array
  }
}

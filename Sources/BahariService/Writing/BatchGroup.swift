import BahariPostgres

/// Rows of a batch that give the same columns, so that one statement can write them.
struct BatchGroup {
  let present: [Int]
  let sets: [Int]
  var rows: [BatchRequest.Row]

  static func groups(of rows: [BatchRequest.Row]) -> [BatchGroup] {
    var groups: [BatchGroup] = []
    for row in rows {
      if let index = groups.lastIndex(where: { $0.present == row.present && $0.sets == row.sets }) {
        groups[index].rows.append(row)
      } else {
        groups.append(BatchGroup(present: row.present, sets: row.sets, rows: [row]))
      }
    }
    return groups
  }

  func with(_ rows: some Sequence<BatchRequest.Row>) -> BatchGroup {
    BatchGroup(present: present, sets: sets, rows: Array(rows))
  }

  func shape(_ action: BatchShape.Action) -> BatchShape { BatchShape(action: action, present: present, sets: sets) }

  /// Whether the rows have ids that only a sequence may assign. Such an id can match an existing row, but no row is
  /// inserted with it.
  func onlyMatches(_ resource: Resource) -> Bool {
    resource.naturalKey.live.isSerial && present.contains(resource.naturalKeyPlace)
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

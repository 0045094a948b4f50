import BahariPostgres

/// Rows of a batch that give the same columns, and so go in one statement.
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

  /// Whether the rows are named by ids that come from a sequence: such ids match rows and make none.
  func onlyMatches(_ resource: Resource) -> Bool {
    resource.naturalKey.live.isSerial && present.contains(resource.naturalKeyPlace)
  }

  /// Whether rows that do not exist yet can be made of the columns given.
  func canInsert(_ resource: Resource) -> Bool {
    !onlyMatches(resource)
      && resource.columns.indices.allSatisfy { !resource.columns[$0].isMandatory || present.contains($0) }
  }

  /// One array per column, in the order of `present`.
  func parameters(_ resource: Resource) -> Parameters {
    var parameters = Parameters()
    for column in present { parameters.add(values(of: column, resource)) }
    return parameters
  }

  /// One array, of the rows' natural keys.
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

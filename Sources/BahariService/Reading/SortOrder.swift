import BahariFrame

/// What a list is sorted by: several columns, always ended by id, so that pages never overlap.
struct SortOrder: Sendable {
  let terms: [SortTerm]
  /// " ORDER BY …" for rows of the table as `t`.
  let clause: String
  /// Tells tables and orders apart.
  let fingerprint: Fingerprint

  /// The order that a caller asks for.
  init(_ sort: [String], _ resource: Resource) throws(Status) {
    guard sort.count <= ServiceLimits.sortColumns else {
      throw .malformed("names \(sort.count) columns and may name \(ServiceLimits.sortColumns)", field: "sort")
    }
    for (index, term) in sort.enumerated() {
      let (name, _) = SortOrder.parse(term)
      guard resource.column(name) == nil else { continue }
      throw .malformed(
        "\(resource.table.name) has no column \(name.debugDescription) to sort by; it has \(resource.columnNames)",
        field: "sort[\(index)]", reason: FieldViolation.unknownReason)
    }
    self.init(sort, of: resource.table.name, resource.columns, key: resource.key)
  }

  /// Columns as "name" or "-name"; what is none of `columns` is left out. The first outputs of each selection are the
  /// columns, in their order.
  init(_ sort: [String], of table: String, _ columns: [Column], key: Column) {
    var terms: [SortTerm] = []
    func append(_ name: String, _ isDescending: Bool) {
      // A column that stands there already sorts nothing, nor does anything behind one that is unique.
      guard !terms.contains(where: { $0.column.name == name || $0.column.name == key.name }),
        let place = columns.firstIndex(where: { $0.name == name })
      else { return }
      terms.append(SortTerm(column: columns[place], isDescending: isDescending, place: place))
    }
    for (name, isDescending) in sort.map(SortOrder.parse) { append(name, isDescending) }
    append(key.name, terms.last?.isDescending ?? false)
    self.terms = terms
    clause = " ORDER BY " + terms.map { $0.direction(of: $0.column.subject) }.joined(separator: ", ")
    var fingerprint = Fingerprint()
    fingerprint.combine(table.utf8)
    fingerprint.combine(clause.utf8)
    self.fingerprint = fingerprint
  }

  private static func parse(_ term: String) -> (name: String, isDescending: Bool) {
    term.hasPrefix("-") ? (String(term.dropFirst()), true) : (term, false)
  }

  /// The same by the outputs' places, for rows that come out of subqueries.
  var clauseByPlace: String {
    " ORDER BY " + terms.map { $0.direction(of: "\($0.place + 1)") }.joined(separator: ", ")
  }

  // MARK: Keyset

  /// The rows behind a row, as conditions of which each takes one range of an index. `names` are the parameters that
  /// hold the row's keys, nil for a key that is NULL.
  func cases(behind names: [String?]) -> [String] {
    var cases: [String] = []
    var equal: [String] = []
    for (depth, term) in terms.enumerated() {
      let subject = term.column.subject
      // NULLs are last: behind NULL there is nothing, and behind a value there are also they.
      let nulls = term.column.live.isNullable && names[depth] != nil ? [equal + ["\(subject) IS NULL"]] : []
      if let rest = rowComparison(from: depth, names) {
        cases += ([equal + [rest]] + nulls).map { $0.joined(separator: " AND ") }
        break
      }
      guard let name = names[depth] else {
        equal.append("\(subject) IS NULL")
        continue
      }
      let behind = equal + ["\(subject) \(term.isDescending ? "<" : ">") \(name)"]
      cases += ([behind] + nulls).map { $0.joined(separator: " AND ") }
      equal.append("\(subject) = \(name)")
    }
    return cases
  }

  /// One comparison of rows for the columns from `depth` on, where all go one way, and only the first may be NULL.
  private func rowComparison(from depth: Int, _ names: [String?]) -> String? {
    let (terms, given) = (terms[depth...], names[depth...].compactMap { $0 })
    guard given.count == terms.count, !terms.dropFirst().contains(where: { $0.column.live.isNullable }),
      let first = terms.first, terms.allSatisfy({ $0.isDescending == first.isDescending })
    else { return nil }
    let columns = terms.map(\.column.subject).joined(separator: ", ")
    let values = given.joined(separator: ", ")
    let sign = first.isDescending ? "<" : ">"
    return given.count == 1 ? "\(columns) \(sign) \(values)" : "(\(columns)) \(sign) (\(values))"
  }
}

extension SortOrder: Hashable {
  /// Orders of one table are the same if they sort by the same columns in the same directions.
  static func == (a: SortOrder, b: SortOrder) -> Bool {
    a.terms.count == b.terms.count
      && zip(a.terms, b.terms).allSatisfy { $0.place == $1.place && $0.isDescending == $1.isDescending }
  }

  func hash(into hasher: inout Hasher) { hasher.combine(fingerprint.value) }
}

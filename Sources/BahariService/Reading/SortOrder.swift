import BahariFrame

/// The columns that a list is sorted by. The last one is always id, which is unique, so that pages never overlap.
struct SortOrder: Sendable {
  let terms: [SortTerm]
  /// " ORDER BY …" for the table, whose alias is `t`.
  let clause: String
  /// A hash of the table's name and the order, which shows whether a page token belongs to another list.
  let fingerprint: Fingerprint

  /// Makes the order that a request asks for; throws if the request names too many columns or one that does not exist.
  init(_ sort: [String], _ resource: Resource) throws(Status) {
    guard sort.count <= CallLimits.sortColumns else {
      throw .malformed("names \(sort.count) columns and may name \(CallLimits.sortColumns)", field: "sort")
    }
    for (index, term) in sort.enumerated() {
      let (name, _) = SortOrder.parse(term)
      guard resource.column(name) == nil else { continue }
      throw .malformed(
        "\(resource.table.name) has no column \(name.echo) to sort by; it has \(resource.columnNames)",
        field: "sort[\(index)]", reason: FieldViolation.unknownReason)
    }
    self.init(sort, of: resource.table.name, resource.columns, key: resource.key)
  }

  /// `sort` holds "name" or "-name" (descending); names that are not in `columns` are ignored. A column's index in
  /// `columns` is also its index in every selection, since selections begin with the table's columns.
  init(_ sort: [String], of table: String, _ columns: [Column], key: Column) {
    var terms: [SortTerm] = []
    func append(_ name: String, _ isDescending: Bool) {
      // A repeated column has no effect, nor has any column after the key, which is unique.
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

  /// Like `clause`, but with output numbers (ORDER BY 3, 1), since the alias `t` is not visible outside a UNION.
  var clauseByPlace: String {
    " ORDER BY " + terms.map { $0.direction(of: "\($0.place + 1)") }.joined(separator: ", ")
  }

  // MARK: Keyset

  /// Conditions for the rows that come after a given row; each condition reads one range of an index. `names` are the
  /// parameters that hold the given row's keys, with nil for a key that is NULL.
  func cases(behind names: [String?]) -> [String] {
    var cases: [String] = []
    var equal: [String] = []
    for (depth, term) in terms.enumerated() {
      let subject = term.column.subject
      // NULLs sort last: no row comes after a NULL in this column, and rows with NULL come after every value.
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

  /// A row comparison such as (a, b) > ($1, $2) for the columns from `depth` on. Nil unless all these columns have the
  /// same direction, none of their keys is NULL and only the first column is nullable.
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

import BahariFrame

extension OutcomeSchema {
  /// The method's name on the wire.
  func method(of write: OutcomeWrite) -> String {
    "\(tables[write.table].resource.service)/\(write.method.rawValue)"
  }

  /// The request of a write: the same bytes each time.
  func payload(of write: OutcomeWrite) throws -> [UInt8] {
    let mark = write.mark(0)
    guard write.fill > 0 else { return try payload(of: write, mark) }
    guard !write.isTooLarge else { return try payload(of: write, mark + String(repeating: "x", count: write.fill)) }
    // The frame has the method's name and the deadline, too, and lengths take more bytes with a longer text.
    let rest = try payload(of: write, mark + ":")
    let others = Bytes.request(1, method(of: write), rest, timeout: .max).count + 2
    return try payload(of: write, mark + ":" + String(repeating: "x", count: write.fill - others))
  }

  private func payload(of write: OutcomeWrite, _ text: String) throws -> [UInt8] {
    let writer = WireWriter()
    let message = message(of: write)
    let number = { (field: String) throws in try self.number(of: field, in: message) }
    let table = tables[write.table]
    let mark = OutcomeValue.text(text)
    switch write.method {
    case .create:
      try writer.field(number("data")) {
        try table.write(table.row(write.numbers.lowerBound, mark), to: writer)
      }
    case .update:
      try writer.field(number("data")) {
        try table.write([("id", id(write)), (table.mark, mark)], to: writer)
      }
    case .delete: id(write).write(to: writer, as: try number("id"))
    case .batch:
      for place in write.numbers.indices {
        try writer.field(number("data")) { try table.write(row(place - write.numbers.lowerBound, write), to: writer) }
      }
      if write.skips { writer.field(try number("on_error"), varint: 1) }
    case .checkIn:
      // The time of check-in is left to the server.
      for (column, value) in table.row(write.numbers.lowerBound, mark) where column != "checkin" {
        value.write(to: writer, as: try number(column))
      }
    case .checkOut:
      // One half names the row by its id, the other by employee and day.
      if write.index.isMultiple(of: 2) { id(write).write(to: writer, as: try number("id")) }
      mark.write(to: writer, as: try number(table.mark))
      for (column, value) in table.row(write.numbers.lowerBound) {
        switch (column, value) {
        case ("checkin", .moment(let time)):
          OutcomeValue.moment(time + 28_800).write(to: writer, as: try number("checkout"))
        case ("nip", _), ("date", _):
          if !write.index.isMultiple(of: 2) { value.write(to: writer, as: try number(column)) }
        default: break
        }
      }
    }
    if let id = write.requestID { writer.field(try number("request_id"), string: id) }
    if write.isDryRun { writer.field(try number("dry_run"), varint: 1) }
    return Array(writer.bytes)
  }

  private func message(of write: OutcomeWrite) -> String {
    let entity = tables[write.table].entity
    switch write.method {
    case .create, .update, .batch: return "bahari.v1.\(write.method.rawValue)\(entity)Request"
    case .delete, .checkIn, .checkOut: return "bahari.v1.\(write.method.rawValue)Request"
    }
  }

  private func id(_ write: OutcomeWrite) -> OutcomeValue { .number(OutcomeTable.id(write.numbers.lowerBound)) }

  /// A batch's row at a place of the request.
  private func row(_ place: Int, _ write: OutcomeWrite) -> OutcomeTable.Row {
    let table = tables[write.table]
    let first = write.numbers.lowerBound
    let mark = OutcomeValue.text(write.mark(place))
    switch write.rows {
    case .old: return [table.key(first + place), (table.mark, mark)]
    case .rivals: return [table.key(write.numbers.upperBound - 1 - place), (table.second ?? table.mark, mark)]
    case .new:
      let isFaulty = write.faults.contains(place)
      if isFaulty, write.isEmptyAtFault { return [(table.mark, mark)] }
      let row = table.row(first + place, mark)
      guard isFaulty, let dangling = table.dangling else { return row }
      return row.filter { $0.column != dangling.column } + [dangling]
    }
  }
}

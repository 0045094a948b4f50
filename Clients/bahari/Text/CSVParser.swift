/// Parses CSV (RFC 4180) from portions of bytes into records. Does no I/O, and keeps one record at most.
struct CSVParser {
  /// The maximum length of a record in bytes. It limits memory use if a closing quote is missing.
  static let longestRecord = 1_048_576

  private enum Place {
    case fieldStart, unquoted, quoted, afterQuote, afterReturn
  }

  private var place = Place.fieldStart
  private var fields: [CSVRecord.Field] = []
  private var field: [UInt8] = []
  private var isQuoted = false
  private var size = 0
  private var line = 1
  private var startLine = 1
  /// How many bytes of a byte order mark have been read; nil after the mark, or if the text begins without it.
  private var mark: Int? = 0
  private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

  /// Returns the next record, or nil if more bytes are needed. Moves `offset` past the bytes that were parsed.
  mutating func next(in bytes: UnsafeRawBufferPointer, at offset: inout Int) throws -> CSVRecord? {
    while offset < bytes.count {
      let byte = bytes[offset]
      offset += 1
      if isPartOfMark(byte) { continue }
      if try step(byte) { return record() }
    }
    return nil
  }

  /// Returns the last record if no line end follows it; otherwise nil.
  mutating func finish() throws -> CSVRecord? {
    switch place {
    case .quoted: throw failure("a quoted field has no end", startLine)
    case .fieldStart where fields.isEmpty: return nil
    case .fieldStart, .unquoted, .afterQuote, .afterReturn:
      endField()
      return record()
    }
  }

  /// Whether the byte belongs to a byte order mark at the start of the text, which is skipped.
  private mutating func isPartOfMark(_ byte: UInt8) -> Bool {
    guard let seen = mark else { return false }
    if byte == Self.byteOrderMark[seen] {
      mark = seen == 2 ? nil : seen + 1
      return true
    }
    mark = nil
    if seen > 0 {
      field = Array(Self.byteOrderMark[..<seen])
      place = .unquoted
    }
    return false
  }

  /// Parses one byte.
  ///
  /// - Returns: whether the record is complete.
  private mutating func step(_ byte: UInt8) throws -> Bool {
    size += 1
    guard size <= Self.longestRecord else {
      throw failure("the record is longer than \(Self.longestRecord) bytes: a quote may be missing", startLine)
    }
    switch (place, byte) {
    case (.quoted, UInt8(ascii: "\"")): place = .afterQuote
    case (.quoted, _):
      if byte == 0x0a { line += 1 }
      field.append(byte)
    case (.afterQuote, UInt8(ascii: "\"")):
      field.append(byte)
      place = .quoted
    case (_, 0x0a):
      endField()
      line += 1
      return true
    case (.afterReturn, _): throw failure("a carriage return without a line feed", line)
    case (_, 0x0d): place = .afterReturn
    case (_, UInt8(ascii: ",")):
      endField()
      place = .fieldStart
    case (.fieldStart, UInt8(ascii: "\"")):
      isQuoted = true
      place = .quoted
    case (.afterQuote, _): throw failure("text follows the closing quote of a field", line)
    case (_, UInt8(ascii: "\"")): throw failure("a quote inside a field that does not start with one", line)
    default:
      field.append(byte)
      place = .unquoted
    }
    return false
  }

  private mutating func endField() {
    fields.append(CSVRecord.Field(bytes: field, isQuoted: isQuoted))
    field = []
    isQuoted = false
  }

  private mutating func record() -> CSVRecord {
    let record = CSVRecord(fields: fields, line: startLine)
    fields = []
    place = .fieldStart
    size = 0
    startLine = line
    return record
  }

  private func failure(_ cause: String, _ line: Int) -> Failure {
    Failure(.invalidArgument, "the CSV cannot be parsed at line \(line): \(cause)")
  }
}

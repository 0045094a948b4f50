@testable import bahari

extension FuzzTarget {
  /// The first two bytes say where the file is cut.
  static let csv = FuzzTarget(
    name: "csv", rounds: 4_000, words: ["\"", "\"\"", ",", "\r\n", "\n", "\u{feff}"],
    seeds: {
      [
        Seed("header", [3, 9] + Array("\u{feff}id,name\r\n1,\"a,\"\"b\"\"\r\nc\"\n2,\n3,\"\"\n4,Sé\u{1F41F}".utf8)),
        Seed("bare-quote", [1, 2] + Array("a,b\"c\n".utf8)),
        Seed("open-quote", [1, 2] + Array("x\n\"never closed".utf8)),
        Seed("behind-quote", [1, 2] + Array("a,\"b\"c\n".utf8)), Seed("bare-return", [1, 2] + Array("a\rb\n".utf8)),
        Seed("half-a-mark", [1, 1, 0xef, 0xbb]), Seed("two-marks", [4, 5] + Array("\u{feff}\u{feff}a\n".utf8)),
        Seed("blank-lines", [1, 2] + Array("a\n\n\r\n,\n\"\"\n".utf8)),
        Seed("not-utf8", [1, 2, 0xff, 0x2c, 0xc3, 0x0a]),
        Seed("no-line-end", [2, 3] + Array("a,b\n1,".utf8)),
      ]
    },
    check: { bytes in
      var choices = Choices(bytes)
      let cuts = [choices.byte(), choices.byte()].sorted()
      let file = Array(choices.rest)
      let whole = try CSVReading(file, cutAt: [])
      for cuts in [cuts, Array(0..<file.count)] {
        let pieces = try CSVReading(file, cutAt: cuts)
        try hold(pieces == whole, "cut at \(cuts) the file has other records")
      }
      try checkFields([file, Array(file.prefix(cuts[0])), Array(file.dropFirst(cuts[1]))])
      guard whole.failure == nil else { return }
      // Behind a header, since a byte order mark at the beginning of a file is no part of it.
      var again = Array("header\n".utf8)
      for record in whole.records { record.write(to: &again) }
      let second = try CSVReading(again, cutAt: [])
      try hold(second.failure == nil, "what was written is not read: \(second.failure ?? "")")
      let isSame = second.records.dropFirst().elementsEqual(whole.records) { $0.values == $1.values }
      try hold(isSame, "the file has other records after it was written again")
    })

  /// Any bytes that are written as fields are read as the same fields.
  private static func checkFields(_ fields: [[UInt8]]) throws {
    var file = Array("header\n".utf8)
    for (place, field) in fields.enumerated() {
      if place > 0 { file.append(UInt8(ascii: ",")) }
      CSVWriter.write(field, isNullable: true, to: &file)
    }
    file.append(0x0a)
    let reading = try CSVReading(file, cutAt: [])
    try hold(
      reading.records.last?.values == fields && reading.records.count == 2, "fields change when they are written")
  }
}

/// The records of a file that is read in pieces, up to the first error.
private struct CSVReading: Equatable {
  private(set) var records: [CSVRecord] = []
  private(set) var failure: String?

  init(_ file: [UInt8], cutAt cuts: [Int]) throws {
    var parser = CSVParser()
    var start = 0
    do {
      for end in cuts.filter({ $0 < file.count }) + [file.count] where end >= start {
        try file[start..<end].withUnsafeBytes { piece in
          var offset = 0
          while let record = try parser.next(in: piece, at: &offset) { records.append(record) }
          try hold(offset == piece.count, "the parser leaves bytes of a piece")
        }
        start = end
      }
      if let last = try parser.finish() { records.append(last) }
    } catch let refusal as Failure {
      try hold(refusal.code == .invalidArgument, "a file is refused as \(refusal.code)")
      failure = refusal.message
    }
  }
}

extension CSVRecord {
  /// The fields' bytes; nil for NULL.
  fileprivate var values: [[UInt8]?] { fields.map { $0.bytes.isEmpty && !$0.isQuoted ? nil : $0.bytes } }

  /// Writes the record as an export does.
  fileprivate func write(to file: inout [UInt8]) {
    for (place, value) in values.enumerated() {
      if place > 0 { file.append(UInt8(ascii: ",")) }
      if let value { CSVWriter.write(value, isNullable: true, to: &file) }
    }
    file.append(0x0a)
  }
}

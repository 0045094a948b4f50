import BahariFrame

/// A parser that gets bytes from outside, and the properties that hold for any bytes.
///
/// To add one: a literal in `Targets`, listed in `all`, with seeds and a check that throws `Broken`; then run the suite,
/// which prints how to accept the seeds as files of `Corpus`.
struct FuzzTarget: Sendable {
  struct Seed: Sendable {
    let name: String
    let bytes: [UInt8]
  }

  /// Also the name of its folders in `Corpus` and `Regressions`.
  let name: String
  /// The largest input, in bytes. Long inputs find little that short ones do not, and cost more.
  var longest = 1_024
  /// How many changed seeds the test suite checks: all targets together take about ten seconds of a debug build.
  let rounds: Int
  /// Texts that mean something to the parser, which mutations insert.
  var words: [String] = []
  /// Meaningful inputs. Each is a file of `Corpus`.
  let seeds: @Sendable () throws -> [Seed]
  /// More inputs to begin with, too many to be files.
  var moreSeeds: @Sendable () throws -> [Seed] = { [] }
  /// Throws if a property is broken. Whatever the parser refuses is fine.
  let check: @Sendable (UnsafeRawBufferPointer) throws -> Void

  static let all: [FuzzTarget] = [.frames, .envelopes, .requests, .pageTokens, .lists, .csv, .conditions]

  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }

  /// Checks a copy of exactly these bytes, so that a read past their end is a read past an allocation, which the address
  /// sanitizer detects.
  func check(_ bytes: [UInt8]) throws {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { copy.deallocate() }
    copy.copyBytes(from: bytes)
    try check(UnsafeRawBufferPointer(copy))
  }
}

/// A property that does not hold.
struct Broken: Error, CustomStringConvertible {
  let description: String
}

func hold(_ isTrue: Bool, _ description: @autoclosure () -> String) throws {
  guard isTrue else { throw Broken(description: description()) }
}

/// Takes numbers from the front of an input: they choose what is done with the rest.
struct Choices {
  private(set) var rest: UnsafeRawBufferPointer

  init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

  mutating func byte() -> Int {
    guard let first = rest.first else { return 0 }
    rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst())
    return Int(first)
  }

  mutating func pair() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }
}

/// Named things, one of which two bytes choose: the one whose name has the next hash. A new thing takes its share from
/// one neighbour, and inputs go on choosing the same as before.
struct Ring<Thing: Sendable>: Sendable {
  private let things: [(place: UInt16, thing: Thing)]

  init(_ named: [(name: String, thing: Thing)]) {
    things = named.map { (Ring.place($0.name), $0.thing) }.sorted { $0.0 < $1.0 }
    precondition(!things.isEmpty)
  }

  func chosen(by place: UInt16) -> Thing { (things.first { $0.place >= place } ?? things[0]).thing }

  static func place(_ name: String) -> UInt16 {
    name.utf8.reduce(0xace1) { ($0 ^ UInt16($1)) &* 0x6257 &+ ($0 >> 7) }
  }

  /// The two bytes that choose the thing of this name.
  static func choice(_ name: String) -> [UInt8] { [UInt8(place(name) >> 8), UInt8(place(name) & 0xff)] }
}

/// The bytes that `body` writes.
func written(_ body: (WireWriter) throws -> Void) rethrows -> [UInt8] {
  let writer = WireWriter(capacity: 256)
  try body(writer)
  return Array(writer.bytes)
}

extension FuzzTarget.Seed {
  init(_ name: String, _ bytes: [UInt8]) { self.init(name: name, bytes: bytes) }
  init(_ name: String, _ text: String) { self.init(name: name, bytes: Array(text.utf8)) }
}

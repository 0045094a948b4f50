import BahariFrame
import TestSupport

/// A write of a load: what it asks for, as a value from which its request is made again at any time.
struct OutcomeWrite: Sendable {
  enum Method: String, Sendable, CaseIterable {
    case create = "Create"
    case update = "Update"
    case delete = "Delete"
    case batch = "BatchUpsert"
    case checkIn = "CheckIn"
    case checkOut = "CheckOut"
  }

  /// The rows of a batch.
  enum Rows: Sendable {
    /// Complete rows that do not exist yet.
    case new
    /// Rows that exist, by their keys; the batch sets the mark.
    case old
    /// The rows of the write before, in the opposite order; the batch sets the second mark.
    case rivals
  }

  let index: Int
  let method: Method
  /// The place of its table in the schema.
  let table: Int
  /// The numbers of its rows, which no other write has, except for `rivals`.
  let numbers: Range<Int>
  var rows = Rows.new
  var requestID: String?
  var isDryRun = false
  var skips = false
  /// The places of its faulty rows in the request.
  var faults: Set<Int> = []
  /// Whether the daemon finds the faulty rows' faults itself: it lists one violation for each missing column.
  var isEmptyAtFault = false
  /// The size to which the mark fills up the request's frame, or the mark's length beyond that; 0: not at all.
  var fill = 0
  /// The length of the second column before the write; 0: empty.
  var filled = 0
  /// How each attempt is made; the attempts of one write are made at the same time.
  var haste: [Haste] = [.patient]

  /// Whether its rows have to exist before the load.
  var isOfOldRows: Bool {
    switch method {
    case .create, .checkIn: false
    case .update, .delete, .checkOut: true
    case .batch: rows == .old
    }
  }

  /// Whether it takes a connection of its own for a while.
  var isHeavy: Bool { fill + filled > 0 || numbers.count > 1_000 }

  /// Whether its frame is larger than frames may be.
  var isTooLarge: Bool { fill > CallLimits.frameBytes }

  /// Whether it may be refused, since its row is about as large as rows may be.
  var mayBeRefused: Bool { fill > 0 }

  /// Whether it is refused, whatever happens.
  var isRefused: Bool { (!faults.isEmpty && !skips) || isTooLarge }

  /// The marks of the rows that have to be there once it is applied.
  var marks: [String] { isDryRun || isRefused ? [] : numbers.indices.map(place).filter(isGood).map(mark) }

  /// The marks of the rows that must never be there.
  var forbiddenMarks: [String] {
    isDryRun || isRefused ? numbers.indices.map(place).map(mark) : faults.sorted().map(mark)
  }

  func mark(_ place: Int) -> String { "w\(index).\(place)" }
  private func isGood(_ place: Int) -> Bool { !faults.contains(place) }
  private func place(_ number: Int) -> Int { number - numbers.lowerBound }
}

/// What a caller does to its call.
enum Haste: Sendable {
  enum Delay: Sendable {
    case milliseconds(Double)
    /// A multiple of the time that the method's calls usually take.
    case usual(Double)
  }

  /// Waits for the answer.
  case patient
  case deadline(Delay)
  /// Sends a cancel frame.
  case cancel(Delay)
  /// Closes the connection, on which other calls are in flight, too.
  case leave(Delay)
}

/// The writes of one load, the same for the same seed.
struct OutcomePlan: Sendable {
  let seed: UInt64
  private(set) var writes: [OutcomeWrite] = []
  private var random: Seeded
  private var nextNumber = 1
  private let schema: OutcomeSchema

  init(seed: UInt64, count: Int, _ schema: OutcomeSchema) {
    (self.seed, self.schema) = (seed, schema)
    random = Seeded(seed)
    while writes.count < count {
      // One write in eighty has the size of a frame or of the largest batches.
      if writes.count % 80 == 40 { addHeavy(writes.count / 80) } else { addLight() }
    }
  }

  private mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &random) }
  private mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  private mutating func add(
    _ method: OutcomeWrite.Method, _ table: Int, _ count: Int = 1, _ change: (inout OutcomeWrite) -> Void = { _ in }
  ) {
    var write = OutcomeWrite(
      index: writes.count, method: method, table: table, numbers: nextNumber..<nextNumber + count)
    nextNumber += count
    if chance(70) { write.requestID = "\(seed)-\(write.index)" }
    write.haste = [haste()]
    if write.requestID != nil, chance(20) { write.haste.append(haste()) }
    change(&write)
    writes.append(write)
  }

  private mutating func addLight() {
    let table = below(schema.tables.count)
    switch below(100) {
    case ..<32: add(.create, table) { $0.isDryRun = $0.index % 25 == 0 }
    case ..<56: add(.update, table) { $0.isDryRun = $0.index % 25 == 0 }
    case ..<68: add(.delete, table) { $0.isDryRun = $0.index % 25 == 0 }
    case ..<76: add(.checkIn, schema.attendance)
    case ..<84: add(.checkOut, schema.attendance)
    case ..<96: addBatch(table)
    default: addRivals()
    }
  }

  private mutating func addBatch(_ table: Int) {
    let count = chance(10) ? 100 + below(200) : 1 + below(20)
    let (isOld, isDry, skips, isFaulty) = (chance(40), chance(10), chance(50), chance(30))
    let faults = Set((0..<(1 + count / 20)).map { _ in below(count) })
    let canFail = isFaulty && !isOld && count > faults.count && schema.tables[table].dangling != nil
    add(.batch, table, count) { write in
      write.rows = isOld ? .old : .new
      (write.isDryRun, write.skips) = (isDry, skips)
      if canFail { write.faults = faults }
    }
  }

  /// Two batches that change the same rows in opposite orders, each another column.
  private mutating func addRivals() {
    let tables = schema.tables.indices.filter { schema.tables[$0].second != nil }
    let (table, count) = (tables[below(tables.count)], 2 + below(60))
    add(.batch, table, count) { $0.rows = .old }
    let numbers = writes[writes.count - 1].numbers
    var rival = OutcomeWrite(index: writes.count, method: .batch, table: table, numbers: numbers, rows: .rivals)
    if chance(70) { rival.requestID = "\(seed)-\(rival.index)" }
    rival.haste = [haste()]
    writes.append(rival)
  }

  private mutating func addHeavy(_ turn: Int) {
    let tables = schema.tables
    let long = tables.indices.filter { tables[$0].isUnlimited.mark }
    let longest = tables.indices.filter { tables[$0].isUnlimited.mark && tables[$0].isUnlimited.second }
    let table = long[below(long.count)]
    // Around the size beyond which no frame holds the reply, or beyond which rows are refused.
    let size = (chance(50) ? CallLimits.frameBytes : CallLimits.rowBytes + 100) - below(200)
    let (half, isDry) = (CallLimits.frameBytes / 2, chance(20))
    switch turn % 8 {
    case 0: add(.create, table) { ($0.fill, $0.isDryRun) = (size, isDry) }
    case 1: add(.update, longest[below(longest.count)]) { ($0.fill, $0.filled) = (half, size - half) }
    case 2:
      let referring = tables.indices.filter { tables[$0].dangling != nil }
      let count = 2_000 + below(500)
      let faults: Set = [below(count), below(count)]
      add(.batch, referring[below(referring.count)], count) { ($0.skips, $0.faults) = (true, faults) }
    case 3:
      // With so many violations that no frame holds them all.
      let widest = tables.indices.max { tables[$0].row(1).count < tables[$1].row(1).count } ?? 0
      add(.batch, widest, 8_500) { write in
        (write.skips, write.isEmptyAtFault) = (true, true)
        write.faults = Set((0..<8_500).filter { $0 % 1_000 != 7 })
      }
    case 4: add(.update, table) { $0.fill = size }
    case 5: add(.create, table) { $0.fill = CallLimits.frameBytes + 1 + $0.index }
    // Rows of an old database that no reply can hold.
    case 6: add(.update, longest[below(longest.count)]) { $0.filled = CallLimits.frameBytes }
    default: add(.delete, longest[below(longest.count)]) { $0.filled = CallLimits.frameBytes }
    }
    // They are few, and most of them should get as far as their reply.
    if chance(50) { writes[writes.count - 1].haste = [.patient] }
  }

  private mutating func haste() -> Haste {
    // Around the moment at which the answer comes, where a call's end meets the commit.
    let usual = Haste.Delay.usual(0.3 + Double(below(140)) / 100)
    switch below(100) {
    case ..<40: return .patient
    case ..<62: return .deadline(usual)
    case ..<70: return .deadline(.milliseconds(chance(50) ? 1 + Double(below(20)) : 20 + Double(below(1_980))))
    case ..<88: return .cancel(usual)
    case ..<97: return .cancel(.milliseconds(Double(below(30))))
    default: return .leave(usual)
    }
  }
}

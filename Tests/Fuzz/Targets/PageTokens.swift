import BahariFrame
import BahariPostgres

@testable import BahariService

extension FuzzTarget {
  /// The first two bytes choose the table, the third its order. The fourth chooses between a token's text and the
  /// message in it, to which the check adds the right checksum.
  static let pageTokens = FuzzTarget(
    name: "page-tokens", longest: 256, rounds: 1_500,
    seeds: {
      func seed(_ name: String, _ entity: String, _ order: UInt8, _ keys: (WireWriter) -> Void) -> Seed {
        let message = written { writer in
          writer.field(1, varint: 1)
          writer.field(2, fixed64: 0x0123_4567_89ab_cdef)
          keys(writer)
        }
        return Seed(name, Ring<Resource>.choice(entity) + [order, 1] + message)
      }
      let valid = seed("id", "Desa", 0) { writer in writer.field(3) { writer.field(1, varint: 1_101_010_001) } }
      let text = Array(TokenCheck.text(valid.bytes.dropFirst(4)).utf8)
      return [
        valid, Seed("text", valid.bytes.prefix(3) + [0] + text),
        Seed("text-cut", valid.bytes.prefix(3) + [0] + text.dropLast(3)),
        Seed("text-changed", valid.bytes.prefix(3) + [0] + text.map { $0 == 0x31 ? 0x32 : $0 }),
        seed("two-keys", "Desa", 3) { writer in
          writer.field(3) { writer.field(3, string: "Keude 漁") }
          writer.field(3) { writer.field(1, varint: 7) }
        },
        seed("null-key", "Desa", 5) { writer in
          writer.field(3) {}
          writer.field(3) { writer.field(1, varint: 7) }
        },
        seed("number-key", "Desa", 9) { writer in
          writer.field(3) { writer.field(2, fixed64: (2.9312).bitPattern) }
          writer.field(3) { writer.field(1, varint: 7) }
        },
        seed("no-keys", "Kapal", 0) { _ in },
        seed("unknown-field", "Kapal", 0) { $0.field(4, varint: 1) },
      ]
    },
    check: { bytes in
      var choices = Choices(bytes)
      let resource = InventedSchema.ring.chosen(by: choices.pair())
      let order = TokenCheck.order(choices.byte(), resource)
      let isMessage = choices.byte() % 2 == 1
      let text = isMessage ? TokenCheck.text(choices.rest) : String(decoding: choices.rest, as: UTF8.self)
      guard let token = PageToken(text, order) else { return }
      try hold(token.keys.count == order.terms.count, "a token has \(token.keys.count) keys")
      let again = token.text
      guard let second = PageToken(again, order) else { throw Broken(description: "\(again) is written and not read") }
      try hold(second.text == again && second.fingerprint == token.fingerprint, "\(again) is read as another token")
      try TokenCheck.changes(of: text, order)
      let shape = ListShape(
        part: .behind(nulls: token.keys.map(\.isNull)), joins: resource.table.joinsByDefault, clause: "", types: [],
        order: order, distance: nil)
      let statement = shape.statement(of: resource)
      _ = try SQLCheck(statement)
      let bound = token.keys.count { !$0.isNull }
      try hold(statement.parameterTypes.count == bound + 1, "\(statement.sql) takes other parameters than the keys")
    })
}

private enum TokenCheck {
  /// An order by up to two columns, which the number chooses, and then by id.
  static func order(_ choice: Int, _ resource: Resource) -> SortOrder {
    let columns = resource.columns
    let first = columns[choice / 2 % columns.count].name
    let second = columns[choice / 32 % columns.count].name
    let sort = choice == 0 ? resource.table.order : [choice % 2 == 0 ? "-" + first : first, second]
    return SortOrder(sort, of: resource.table.name, columns, key: resource.key)
  }

  /// A token with this message and its checksum, as `PageToken` describes it.
  static func text(_ message: some Collection<UInt8>) -> String {
    var check = Fingerprint()
    check.combine(message)
    let bytes = Array(message) + withUnsafeBytes(of: check.value.littleEndian) { Array($0) }
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// A token of which a digit was changed, or the end cut off, is refused.
  static func changes(of text: String, _ order: SortOrder) throws {
    var digits = Array(text.utf8)
    for place in stride(from: 0, to: digits.count, by: max(1, digits.count / 8)) {
      let before = digits[place]
      digits[place] = before == UInt8(ascii: "0") ? UInt8(ascii: "f") : UInt8(ascii: "0")
      let changed = String(decoding: digits, as: UTF8.self)
      try hold(PageToken(changed, order) == nil, "\(text) is also read with its digit \(place) changed")
      digits[place] = before
    }
    for cut in [1, 2, 16] where cut < digits.count {
      let shorter = String(decoding: digits.dropLast(cut), as: UTF8.self)
      try hold(PageToken(shorter, order) == nil, "\(text) is also read without its last \(cut) digits")
    }
  }
}

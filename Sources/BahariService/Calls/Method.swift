import BahariFrame
import BahariMessage
import BahariShard

/// What a method does to the data. Decides who may call it, whether its requests may hold unknown fields, and how
/// PostgreSQL's errors are explained.
enum Effect: Sendable {
  case reads, creates, changes, deletes

  var changesData: Bool { self != .reads }
}

/// A method that the tables' services have: the same name does the same on every table.
///
/// To add a method: its messages and its `rpc` in Proto, a class that conforms to `MethodRunner` with the literal beside
/// it, and the literal's name in `Method.all`.
struct Method: Sendable {
  /// As the .proto has it.
  let name: String
  let effect: Effect
  let deadline: DeadlineClass
  /// The Indonesian sentence of a successful reply; `{}` stands for the table's label.
  let sentence: String
  /// Whether every table's service must have the method.
  var isOnEveryTable = true
  /// Makes what runs the method's calls on one table and one shard.
  let runner: @Sendable (BoundMethod, TableContext) -> any MethodRunner

  static let all: [Method] = [
    .get, .list, .listWithRelations, .create, .update, .delete, .batchUpsert, .export, .checkIn, .checkOut,
  ]

  static func named(_ name: String) -> Method? { all.first { $0.name == name } }
}

/// A method of one service, with its messages looked up.
struct BoundMethod: Sendable {
  /// The full name: bahari.v1.DesaService.
  let service: String
  let name: String
  /// Its place among all methods of the daemon, the same on every shard.
  let place: Int
  let effect: Effect
  let deadline: DeadlineClass
  let input: MessageDescriptor
  let reply: ReplyShape

  /// service/method, as messages and statistics name it.
  var path: String { "\(service)/\(name)" }
}

/// Runs the calls of one method on one shard.
protocol MethodRunner: AnyObject {
  /// Answers `call`, before this returns or later. `payload` holds the request's bytes and is valid until this returns.
  /// Throws what the caller did wrong; the call is then answered with it.
  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status)
}

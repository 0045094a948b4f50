import BahariFrame
import BahariMessage
import BahariShard

/// The effect of a method on the data. It decides who may call the method, whether its requests may hold unknown
/// fields, and which errors callers get when PostgreSQL refuses a statement.
enum Effect: Sendable {
  case reads, creates, changes, deletes

  var changesData: Bool { self != .reads }
}

/// A method that the services of tables have. Methods of the same name do the same on every table.
///
/// To add a method: declare its messages and its `rpc` in Proto, write a class that conforms to `MethodRunner`, define
/// a constant of type `Method` beside the class, and list the constant in `Method.all`.
struct Method: Sendable {
  /// The method's name in the .proto files.
  let name: String
  let effect: Effect
  let deadline: DeadlineClass
  /// The Indonesian sentence in the field `message` of a successful reply; `{}` is replaced by the table's name.
  let sentence: String
  /// Whether every table's service must have the method.
  var isOnEveryTable = true
  /// Makes the object that runs the method's calls on one table and one shard.
  let runner: @Sendable (BoundMethod, TableContext) -> any MethodRunner

  static let all: [Method] = [
    .get, .list, .listWithRelations, .create, .update, .delete, .batchUpsert, .export, .checkIn, .checkOut,
  ]

  static func named(_ name: String) -> Method? { all.first { $0.name == name } }
}

/// A method of one service, with the descriptors of its request and reply. It is a class, so that a call copies one
/// reference.
final class BoundMethod: Sendable {
  /// The service's full name, such as bahari.v1.DesaService.
  let service: String
  let name: String
  /// The method's index among all methods of the daemon, the same on every shard.
  let place: Int
  let effect: Effect
  let deadline: DeadlineClass
  let input: MessageDescriptor
  let reply: ReplyShape

  init(
    service: String, name: String, place: Int, effect: Effect, deadline: DeadlineClass, input: MessageDescriptor,
    reply: ReplyShape
  ) {
    (self.service, self.name, self.place) = (service, name, place)
    (self.effect, self.deadline) = (effect, deadline)
    (self.input, self.reply) = (input, reply)
  }

  /// The method's name in messages and statistics, such as bahari.v1.DesaService/Get.
  var path: String { "\(service)/\(name)" }
}

/// Runs the calls of one method on one shard.
protocol MethodRunner: AnyObject {
  /// Answers `call` before `run` returns or later. `payload` holds the request's bytes and is valid only until `run`
  /// returns. Throws a status if the request is wrong; the call then fails with this status.
  func run(
    _ call: Call, _ request: Message, _ payload: UnsafeRawBufferPointer, on shard: isolated Shard
  ) throws(Status)
}

import ArgumentParser
import BahariClient
import Glibc

/// The options of `bahari check-in` and `bahari check-out`.
struct AttendanceOptions: ParsableArguments {
  @Option(help: "The day, as YYYY-MM-DD. Default: today in --zone.") var date: String?
  @Option(help: "WIB, WITA or WIT.") var zone = Zone.wib
  @Option(help: "COLUMN=VALUE for another field of the request; repeatable.") var set: [String] = []
  @OptionGroup var options: WriteOptions

  var day: String { date ?? zone.day(at: time(nil)) }

  /// Calls a method of the attendance service with `fields` and with the fields of --set.
  func call(_ name: String, _ fields: [(String, String)]) async throws {
    let daemon = try await DescribedDaemon(options.connection)
    let target = try daemon.target("absensi")
    let method = try daemon.method(target, name)
    var request = Record(method.input)
    let others = try set.map { try Assignment($0, option: "--set") }.map { ($0.column, $0.value) }
    for (column, value) in fields + others {
      guard let field = method.input.field(column) else {
        let known = method.input.fields.map(\.name).joined(separator: ", ")
        throw Failure(.invalidArgument, "\(name) has no field \(column); it has: \(known)")
      }
      do throws(BadValue) {
        request[column] = try FieldValue(text: value, for: field, schema: daemon.schema)
      } catch {
        throw Failure(.invalidArgument, "\(column): \(error.description)")
      }
    }
    var writer = RowWriter(daemon, options, isSingle: true)
    try await writer.call(target, method, request)
  }
}

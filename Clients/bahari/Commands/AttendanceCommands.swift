import ArgumentParser
import BahariClient
import Glibc

/// The zones of Indonesia, which decide what day it is.
enum Zone: String, ExpressibleByArgument, CaseIterable {
  case wib = "WIB"
  case wita = "WITA"
  case wit = "WIT"

  private var hours: Int {
    switch self {
    case .wib: 7
    case .wita: 8
    case .wit: 9
    }
  }

  /// The day, as YYYY-MM-DD, at a time in seconds since 1970.
  func day(at seconds: Int) -> String {
    var local = seconds + hours * 3600
    var parts = tm()
    gmtime_r(&local, &parts)
    func padded(_ number: Int32, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    return "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
  }
}

/// What check-in and check-out have in common.
struct AttendanceOptions: ParsableArguments {
  @Option(help: "The day, as YYYY-MM-DD. Default: today in --zone.") var date: String?
  @Option(help: "WIB, WITA or WIT.") var zone = Zone.wib
  @Option(help: "COLUMN=VALUE for the request's other fields; once per column.") var set: [String] = []
  @OptionGroup var options: WriteOptions

  var day: String { date ?? zone.day(at: time(nil)) }

  /// Calls a method of the attendance service with these fields.
  func call(_ name: String, _ fields: [(String, String)]) async throws {
    let session = try await Session(options.connection)
    let target = try session.target("absensi")
    let method = try session.method(target, name)
    var request = Record(method.input)
    let others = try set.map { try Assignment($0, option: "--set") }.map { ($0.column, $0.value) }
    for (column, value) in fields + others {
      guard let field = method.input.field(column) else {
        let known = method.input.fields.map(\.name).joined(separator: ", ")
        throw Failure(.invalidArgument, "\(name) has no field \(column); it has: \(known)")
      }
      do throws(BadValue) {
        request[column] = try Value(text: value, for: field, schema: session.schema)
      } catch {
        throw Failure(.invalidArgument, "\(column): \(error.description)")
      }
    }
    var writer = RowWriter(session, options, isSingle: true)
    try await writer.call(target, method, request)
  }
}

struct CheckInCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-in", abstract: "Begins an employee's day.",
    discussion: """
      One check-in per employee and day. Examples:
        bahari check-in 198501012010011001 --at -6.12,106.83
        bahari check-in 198501012010011001 --at -3.69,128.18 --zone WIT --date 2026-03-03 --dry-run
      """)

  @Argument(help: "The employee's NIP.") var nip: String
  @Option(parsing: .unconditional, help: "LATITUDE,LONGITUDE in degrees.") var at: Place
  @OptionGroup var options: AttendanceOptions

  func run() async throws {
    try await options.call(
      "CheckIn",
      [("nip", nip), ("date", options.day), ("ci_latitude", at.latitude), ("ci_longitude", at.longitude)])
  }
}

struct CheckOutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-out", abstract: "Ends an employee's day, and tells how long it was.",
    discussion: """
      A second check-out is refused. Examples:
        bahari check-out 198501012010011001
        bahari check-out 198501012010011001 --date 2026-03-02 --set checkout=2026-03-02T09:30:00Z
      """)

  @Argument(help: "The employee's NIP.") var nip: String
  @Option(parsing: .unconditional, help: "LATITUDE,LONGITUDE in degrees.") var at: Place?
  @OptionGroup var options: AttendanceOptions

  func run() async throws {
    let place = at.map { [("co_latitude", $0.latitude), ("co_longitude", $0.longitude)] } ?? []
    try await options.call("CheckOut", [("nip", nip), ("date", options.day)] + place)
  }
}

/// A point, as it was written: numerics are exact.
struct Place: ExpressibleByArgument {
  var latitude: String
  var longitude: String

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmed)
    guard parts.count == 2, parts.allSatisfy({ Double($0) != nil }) else { return nil }
    (latitude, longitude) = (parts[0], parts[1])
  }
}

import ArgumentParser

struct CheckInCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-in", abstract: "Begins an employee's day.",
    discussion: """
      An employee has one check-in per day. Examples:
        bahari check-in 198501012010011001 --at -6.12,106.83
        bahari check-in 198501012010011001 --at -3.69,128.18 --zone WIT --date 2026-03-03 --dry-run
      """)

  @Argument(help: "The employee's NIP.") var nip: String
  @Option(parsing: .unconditional, help: "LATITUDE,LONGITUDE in degrees.") var at: Coordinates
  @OptionGroup var options: AttendanceOptions

  func run() async throws {
    try await options.call(
      "CheckIn",
      [("nip", nip), ("date", options.day), ("ci_latitude", at.latitude), ("ci_longitude", at.longitude)])
  }
}

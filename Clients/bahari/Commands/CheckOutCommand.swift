import ArgumentParser

struct CheckOutCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check-out", abstract: "Ends an employee's day, and shows its hours.",
    discussion: """
      A second check-out is refused. Examples:
        bahari check-out 198501012010011001
        bahari check-out 198501012010011001 --date 2026-03-02 --set checkout=2026-03-02T09:30:00Z
      """)

  @Argument(help: "The employee's NIP.") var nip: String
  @Option(parsing: .unconditional, help: "LATITUDE,LONGITUDE in degrees.") var at: Coordinates?
  @OptionGroup var options: AttendanceOptions

  func run() async throws {
    let place = at.map { [("co_latitude", $0.latitude), ("co_longitude", $0.longitude)] } ?? []
    try await options.call("CheckOut", [("nip", nip), ("date", options.day)] + place)
  }
}

import ArgumentParser

@main
struct Bahari: AsyncParsableCommand {
  mutating func run() async throws {}
}

/// Tests that take minutes, or disturb others, run only where `swift test --filter NAME` asks for them by name.
package enum ByName {
  package static func isAsked(_ name: String) -> Bool { CommandLine.arguments.contains { $0.hasSuffix(name) } }
}

import Foundation
import TestSupport
import Testing

/// Every parser of bytes from outside, fed with the kept inputs and with changed ones. `.ci/fuzz` searches further.
@Suite("Fuzz targets", .offPool) struct FuzzTests {
  /// Fails with the input as hexadecimal text, so that it can be made a file of `Regressions`.
  private func check(_ target: FuzzTarget, _ bytes: [UInt8], _ origin: String) {
    do {
      try target.check(bytes)
    } catch {
      let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
      Issue.record("\(target.name), \(origin): \(error)\nThe input: \(digits)")
    }
  }

  @Test("the kept inputs break no property", arguments: FuzzTarget.all) func kept(target: FuzzTarget) throws {
    let inputs = try Files.read("Corpus", of: target) + Files.read("Regressions", of: target)
    #expect(!inputs.isEmpty)
    for input in inputs {
      #expect(input.bytes.count <= target.longest, "\(input.name) is longer than the fuzzer reads")
      check(target, input.bytes, input.name)
    }
  }

  @Test("seeds that were changed at random break no property", arguments: FuzzTarget.all)
  func changed(target: FuzzTarget) throws {
    let more = try target.moreSeeds()
    for seed in more { check(target, seed.bytes, seed.name) }
    let seeds = try Files.read("Corpus", of: target) + Files.read("Regressions", of: target) + more
    var mutation = Mutation(of: target, seeds.map(\.bytes), seed: 41)
    for round in 0..<target.rounds { check(target, mutation.next(), "round \(round)") }
  }

  @Test("the corpus has every seed", arguments: FuzzTarget.all) func corpus(target: FuzzTarget) throws {
    let seeds = try target.seeds()
    #expect(Set(seeds.map(\.name)).count == seeds.count)
    let kept = Dictionary(uniqueKeysWithValues: try Files.read("Corpus", of: target).map { ($0.name, $0.bytes) })
    let changed = seeds.filter { kept[$0.name] != $0.bytes }
    guard !changed.isEmpty else { return }
    let package = Files.folder.deletingLastPathComponent().deletingLastPathComponent()
    try Files.write(changed, into: package.appendingPathComponent(".build/corpus/\(target.name)"))
    Issue.record(
      """
      Corpus/\(target.name) lacks or differs in \(changed.map(\.name).joined(separator: " ")).
      If that is meant: cp -r .build/corpus/\(target.name) Tests/Fuzz/Corpus/
      """)
  }

  @Test("every request type is among the inputs") func everyRequest() throws {
    let seeds = try FuzzTarget.requests.moreSeeds()
    #expect(seeds.count == RequestTypes.all.count && seeds.count > 60)
    #expect(Set(seeds.map { $0.bytes.prefix(2) }).count == seeds.count, "two types share a place on the ring")
  }

  @Test("a check that finds a broken property fails") func broken() {
    let target = FuzzTarget(name: "broken", rounds: 0, seeds: { [] }, check: { try hold($0.count < 3, "too long") })
    #expect(throws: Never.self) { try target.check([1, 2]) }
    #expect(throws: Broken.self) { try target.check([1, 2, 3]) }
  }
}

extension FuzzTarget: CustomTestStringConvertible {
  var testDescription: String { name }
}

#if FUZZING
  import Foundation

  /// The entry points that libFuzzer calls; `.ci/fuzz` builds this target with them. The target's name is in the option
  /// `--target=NAME`: libFuzzer ignores options that begin with two dashes.
  private let chosen: FuzzTarget = {
    guard let target = option("target").flatMap(FuzzTarget.named) else {
      print("fuzz: --target must be one of \(FuzzTarget.all.map(\.name).joined(separator: " "))")
      exit(2)
    }
    return target
  }()

  private func option(_ name: String) -> String? {
    CommandLine.arguments.first { $0.hasPrefix("--\(name)=") }.map { String($0.dropFirst(name.count + 3)) }
  }

  /// With `--list` prints the targets, each with the length of its longest input, and ends. With `--prepare=FOLDER`
  /// writes the target's seeds and words there.
  @_cdecl("LLVMFuzzerInitialize") public func initialize(
    _: UnsafeMutablePointer<Int32>?, _: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>?
  ) -> Int32 {
    if CommandLine.arguments.contains("--list") {
      for target in FuzzTarget.all { print(target.name, target.longest) }
      exit(0)
    }
    guard let place = option("prepare").map(URL.init(fileURLWithPath:)) else { return 0 }
    do {
      try Files.write(chosen.seeds() + chosen.moreSeeds(), into: place.appendingPathComponent("seeds"))
      let words = chosen.words.map { word in
        "\"" + word.utf8.map { "\\x" + String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\"\n"
      }
      // Never empty, which libFuzzer refuses.
      try Data((["# \(chosen.name)\n"] + words).joined().utf8).write(to: place.appendingPathComponent("words"))
    } catch {
      print("fuzz: \(error)")
      exit(2)
    }
    return 0
  }

  @_cdecl("LLVMFuzzerTestOneInput") public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    do {
      try chosen.check(UnsafeRawBufferPointer(start: start, count: count))
    } catch {
      // libFuzzer keeps the input when the process traps.
      fatalError("\(chosen.name): \(error)")
    }
    return 0
  }
#endif

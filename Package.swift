// swift-tools-version: 6.1
import PackageDescription

// Module boundaries are layer boundaries: a target may import what it depends on here and nothing
// else. `.ci/run` compares every file's imports with these lists, because SwiftPM lets an undeclared
// import through once the module was built.

// Release builds leave out the run-time check that no two accesses to a variable overlap, which costs the server
// 7 % of its time. Debug builds, and so all tests, have it.
let serverSettings: [SwiftSetting] = [
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let subprocess: Target.Dependency = .product(name: "Subprocess", package: "swift-subprocess")
let swiftProtobuf: Target.Dependency = .product(name: "SwiftProtobuf", package: "swift-protobuf")

let package = Package(
  name: "bahari",
  products: [
    .library(name: "BahariClient", targets: ["BahariClient"]),
    .executable(name: "baharid", targets: ["baharid"]),
    .executable(name: "bahari", targets: ["bahari"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    // The server, from the ground up.
    .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
    .systemLibrary(name: "CProtobuf", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .target(name: "CBahari", dependencies: ["CProtobuf"], cSettings: [.headerSearchPath("generated")]),
    .systemLibrary(name: "CEpoll"),
    .systemLibrary(name: "CMalloc"),
    .target(name: "BahariShard", dependencies: ["CEpoll"], swiftSettings: serverSettings),
    .target(name: "BahariFrame"),
    .target(name: "BahariCall", dependencies: ["BahariFrame", "BahariShard"], swiftSettings: serverSettings),
    .target(
      name: "BahariMessage", dependencies: ["BahariFrame", "CBahari", "CProtobuf"], swiftSettings: serverSettings),
    .target(name: "BahariPostgres", dependencies: ["BahariShard", "CPostgres"], swiftSettings: serverSettings),
    .target(name: "BahariCatalog", dependencies: ["BahariMessage"]),
    .target(
      name: "BahariMigration", dependencies: ["BahariPostgres", "BahariCluster"], exclude: ["README.md", "RUNBOOK.md"]),
    .target(name: "BahariCluster", dependencies: [subprocess]),
    .target(name: "BahariDemo"),
    .target(
      name: "BahariService",
      dependencies: [
        "BahariShard", "BahariFrame", "BahariCall", "BahariMessage", "BahariPostgres", "BahariCatalog", histogram,
      ],
      swiftSettings: serverSettings),
    .target(
      name: "BahariServer", dependencies: ["BahariShard", "BahariFrame", "BahariCall"],
      swiftSettings: serverSettings),
    .executableTarget(
      name: "baharid",
      dependencies: [
        "BahariShard", "BahariFrame", "BahariCall", "BahariMessage", "BahariPostgres", "BahariCatalog",
        "BahariMigration", "BahariCluster", "BahariDemo", "BahariService", "BahariServer", "CMalloc", argumentParser,
        logging, subprocess,
      ]),

    // The clients: no C library.
    .target(name: "BahariClient", dependencies: ["BahariFrame", swiftProtobuf], path: "Clients/BahariClient"),
    .executableTarget(
      name: "bahari", dependencies: ["BahariClient", "BahariFrame", histogram, swiftProtobuf, argumentParser],
      path: "Clients/bahari", exclude: ["README.md"]),

    // Tests; `Tests/README.md` says what is where.
    .target(
      name: "TestSupport",
      dependencies: ["BahariShard", "BahariCluster", "BahariPostgres", "BahariMigration", subprocess],
      path: "Tests/Support"),
    .testTarget(name: "BahariShardTests", dependencies: ["BahariShard", "TestSupport"]),
    .testTarget(name: "BahariFrameTests", dependencies: ["BahariFrame", "BahariClient", "TestSupport", swiftProtobuf]),
    .testTarget(
      name: "BahariMessageTests",
      dependencies: [
        "BahariMessage", "BahariFrame", "BahariCatalog", "BahariClient", "TestSupport", swiftProtobuf,
      ]),
    .testTarget(name: "BahariPostgresTests", dependencies: ["BahariPostgres", "BahariShard", "TestSupport"]),
    .testTarget(
      name: "BahariMigrationTests",
      dependencies: ["BahariMigration", "BahariPostgres", "BahariCluster", "TestSupport"]),
    .testTarget(
      name: "BahariServiceTests",
      dependencies: [
        "BahariService", "BahariShard", "BahariFrame", "BahariCall", "BahariMessage", "BahariPostgres", "BahariCatalog",
        "BahariMigration", "BahariClient", "TestSupport", swiftProtobuf,
      ]),
    .testTarget(
      name: "BahariServerTests",
      dependencies: ["BahariServer", "BahariCall", "BahariShard", "BahariFrame", "TestSupport"]),
    .testTarget(name: "BahariClusterTests", dependencies: ["BahariCluster", "TestSupport", subprocess]),
    .testTarget(name: "BahariDemoTests", dependencies: ["BahariDemo", "TestSupport"]),
    // A daemon of a few lines to try clients against.
    .target(name: "FakeDaemon", dependencies: ["BahariFrame"], path: "Tests/FakeDaemon"),
    .testTarget(
      name: "BahariClientTests",
      dependencies: ["BahariClient", "BahariFrame", "FakeDaemon", "TestSupport", swiftProtobuf]),
    .testTarget(
      name: "BahariCLITests",
      dependencies: ["bahari", "BahariClient", "BahariFrame", "CBahari", "FakeDaemon", swiftProtobuf]),
    // Every parser of bytes from outside, for the test suite and, as `.ci/fuzz` builds it, for libFuzzer.
    .testTarget(
      name: "FuzzTests",
      dependencies: [
        "BahariService", "BahariCatalog", "BahariMessage", "BahariPostgres", "BahariFrame", "bahari", "BahariClient",
        "TestSupport", swiftProtobuf,
      ],
      path: "Tests/Fuzz", exclude: ["Corpus", "Regressions"]),
    // The programs are named so that they are built: the tests run them from the build folder.
    .testTarget(
      name: "EndToEndTests",
      dependencies: [
        "TestSupport", "BahariCluster", "BahariPostgres", "BahariMigration", "BahariDemo", "BahariClient",
        "BahariFrame", "baharid", "bahari", subprocess, swiftProtobuf,
      ],
      path: "Tests/EndToEnd", exclude: ["Golden"]),
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.1
import PackageDescription

// A package of somebody else, which depends on the product BahariClient as any other would; `.ci/run` builds and runs
// it. A package at a path has its folder's name, whatever that is here; elsewhere it is
//   .package(url: "https://…/bahari", from: "1.0.0")  and  .product(name: "BahariClient", package: "bahari")
let folder = Context.packageDirectory.split(separator: "/").dropLast(2).last.map(String.init) ?? "bahari"

let package = Package(
  name: "outside",
  dependencies: [.package(path: "../..")],
  targets: [
    .executableTarget(name: "quickstart", dependencies: [.product(name: "BahariClient", package: folder)])
  ],
  swiftLanguageModes: [.v6]
)

import BahariClient

/// Finds the resource that a caller means: by its name, with hyphens or underscores; by its name in the old endpoints
/// (villages); by the table's name; by any of these in singular or plural (village, kapals); or by its first words
/// (produksi), if they match only one resource.
struct ResourceNames {
  private let resources: [Bahari_V1_Resource]

  init(_ resources: [Bahari_V1_Resource]) { self.resources = resources }

  func find(_ given: String) throws -> Bahari_V1_Resource {
    let wanted = Self.plain(given)
    let steps: [(String) -> Bool] = [
      { $0 == wanted }, { Self.single($0) == Self.single(wanted) }, { $0.hasPrefix(wanted + "_") },
    ]
    for matches in steps {
      let found = resources.filter { names($0).contains(where: matches) }
      if found.count == 1 { return found[0] }
      if found.count > 1 {
        throw Failure(
          .invalidArgument, "\(given) is ambiguous: it matches \(found.map(\.name).joined(separator: ", "))")
      }
    }
    let known = resources.map(\.name).joined(separator: ", ")
    throw Failure(.invalidArgument, "there is no resource \(given); there are: \(known)")
  }

  private func names(_ resource: Bahari_V1_Resource) -> [String] {
    [resource.name, resource.table, Self.plain(String(resource.oldPath.split(separator: "/").last ?? ""))]
      .filter { !$0.isEmpty }
  }

  private static func plain(_ name: String) -> String { String(name.lowercased().map { $0 == "-" ? "_" : $0 }) }

  /// The singular of an English plural, so that `regencies` and `regency` match, as do `roles` and `role`.
  private static func single(_ name: String) -> String {
    if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
    return name.hasSuffix("s") ? String(name.dropLast()) : name
  }
}

import BahariClient

/// Finds the resource that a caller means.
///
/// It goes by its name, with hyphens or underscores; by what the old endpoints called it (villages); by the table's
/// name; by any of these as one or as many (village, kapals); or by its first words (produksi), as long as only one
/// resource answers to it.
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
          .invalidArgument, "\(given) may be any of \(found.map(\.name).joined(separator: ", ")); write one of them")
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

  /// `regencies` and `regency` alike, `roles` and `role`; what two names have in common if they differ in number only.
  private static func single(_ name: String) -> String {
    if name.hasSuffix("ies") { return name.dropLast(3) + "y" }
    return name.hasSuffix("s") ? String(name.dropLast()) : name
  }
}

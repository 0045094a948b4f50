import BahariPostgres

/// Everything that the statements of a delete depend on.
struct DeleteShape: Hashable {
  let hasVersion: Bool
  /// Whether rows that refer to the row are deleted with it, where their foreign keys say so.
  let cascades: Bool
  /// The name of the method under which the request is logged; nil where it is not.
  let loggedMethod: String?

  /// The row's lock, with the key as parameter; then the delete: the key, the version when there is one, then the
  /// request's parameters. The row is locked first: a row that comes to refer to it after the check would vanish unseen.
  func statements(of resource: Resource) -> [Statement] {
    let key = "\(resource.key.subject) = $1"
    let lock = Statement(
      "SELECT t.xmin::text FROM \(resource.qualified) AS t WHERE \(key) FOR UPDATE", [resource.key.type.rawValue])
    let version = hasVersion ? " AND t.xmin::text = $2" : ""
    let childless = cascades ? "" : resource.cascades.children.map { " AND NOT EXISTS (\($0))" }.joined()
    let types = [resource.key.type.rawValue] + (hasVersion ? [PostgresType.text.rawValue] : [])
    let delete = RequestLog.returning(
      "DELETE FROM \(resource.qualified) AS t WHERE \(key)\(version)\(childless)", types, resource, loggedMethod)
    return [lock, delete]
  }
}

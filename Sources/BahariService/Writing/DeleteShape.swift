import BahariPostgres

/// Everything that the texts of a delete's statements depend on.
struct DeleteShape: Hashable {
  let hasVersion: Bool
  /// Whether the delete may cascade. If not, it is refused while other rows refer to the row by a foreign key declared
  /// with ON DELETE CASCADE.
  let cascades: Bool
  /// The name of the method under which the request is logged; nil if the request is not logged.
  let loggedMethod: String?

  /// Returns two statements. The first locks the row; its parameter is the key. The second is the delete; its
  /// parameters are the key, the version if there is one, and those of the log entry. Without the lock, a row that
  /// begins to refer to this row after the check would be deleted unnoticed.
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

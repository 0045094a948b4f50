/// The PostgreSQL types that Bahari binds and reads, with their object ids, which are fixed for built-in types.
package enum PostgresType: UInt32, Sendable {
  case bool = 16
  case int8 = 20
  case int4 = 23
  case text = 25
  case xid = 28
  case float8 = 701
  case varchar = 1043
  case date = 1082
  case timestamp = 1114
  case numeric = 1700

  /// The object id of the array type whose elements have this type.
  package var arrayOID: UInt32 {
    switch self {
    case .bool: 1000
    case .int8: 1016
    case .int4: 1007
    case .text: 1009
    case .xid: 1011
    case .float8: 1022
    case .varchar: 1015
    case .date: 1182
    case .timestamp: 1115
    case .numeric: 1231
    }
  }
}

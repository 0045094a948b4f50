import BahariPostgres

/// A change of one row, ready to be sent.
struct RowChange {
  let shape: WriteShape
  let id: Int64
  let key: Value
  /// The version of the row that the caller wants to change; nil to change any version.
  let version: String?
  /// The new values, by the columns' indexes in the resource.
  let values: [Value?]

  /// The parameters for the values of the given columns, the key, and the version if there is one.
  var parameters: Parameters {
    var parameters = Parameters()
    for index in shape.given { (values[index] ?? .null).add(to: &parameters) }
    key.add(to: &parameters)
    if let version { parameters.add(text: version) }
    return parameters
  }
}

import BahariPostgres

/// A change of one row, ready to be sent.
struct RowChange {
  let shape: WriteShape
  let id: Int64
  let key: Value
  /// The version that the caller wants to change; nil for whichever there is.
  let version: String?
  /// By the columns' places.
  let values: [Value?]

  /// The columns' values.
  var columnParameters: Parameters {
    var parameters = Parameters()
    for index in shape.given { (values[index] ?? .null).add(to: &parameters) }
    return parameters
  }

  /// The columns' values, the key, and the version when there is one.
  var parameters: Parameters {
    var parameters = columnParameters
    key.add(to: &parameters)
    if let version { parameters.add(text: version) }
    return parameters
  }
}

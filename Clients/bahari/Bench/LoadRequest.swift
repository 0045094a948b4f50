/// One request that a workload makes.
struct LoadRequest {
  /// The position of the method in `Workload.methods`.
  var method = 0
  /// A number that the workload chooses; `Workload.answered` gets it together with the reply.
  var tag = 0
  /// The encoded request. The memory is valid only until the workload makes its next request.
  var payload: UnsafeRawBufferPointer
}

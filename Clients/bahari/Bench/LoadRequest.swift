/// A request of a workload.
struct LoadRequest {
  /// The position of the method in `Workload.methods`.
  var method = 0
  /// The workload's mark of the request, passed to `Workload.answered` with the reply.
  var tag = 0
  /// Valid until the next request is made.
  var payload: UnsafeRawBufferPointer
}

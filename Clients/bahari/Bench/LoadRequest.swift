struct LoadRequest {
  /// Among the workload's methods.
  var method = 0
  /// What the workload knows the answer by.
  var tag = 0
  /// Valid until the next one is asked for.
  var payload: UnsafeRawBufferPointer
}

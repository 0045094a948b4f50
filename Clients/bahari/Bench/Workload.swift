/// The requests of a load.
protocol Workload: AnyObject {
  /// The methods that are called; a request has the position of its method.
  var methods: [Method] { get }
  /// Makes the next request; nil at the end.
  func next() -> LoadRequest?
  /// Called with the payload of every successful reply and the tag of its request.
  ///
  /// - Returns: whether the content of the reply is right.
  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool
}

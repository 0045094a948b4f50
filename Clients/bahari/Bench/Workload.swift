/// Makes the requests of a load and checks the replies.
protocol Workload: AnyObject {
  /// The methods that the workload calls; `LoadRequest.method` is a position in this list.
  var methods: [Method] { get }
  /// Makes the next request; nil if there are no more requests.
  func next() -> LoadRequest?
  /// Called with the payload of every successful reply and the tag of its request.
  ///
  /// - Returns: whether the content of the reply is right.
  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool
}

/// The requests of a load, one after another.
protocol Workload: AnyObject {
  /// What is called; a request names one by its place.
  var methods: [Method] { get }
  /// The next request; nil when there are no more.
  func next() -> LoadRequest?
  /// Told the payload of every good answer, and the tag of its request.
  ///
  /// - Returns: whether it is a right one.
  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool
}

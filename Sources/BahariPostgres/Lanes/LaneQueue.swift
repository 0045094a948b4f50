/// The work that waits at a lane: first the jobs to be sent again, then new jobs and gatherers in the order of arrival.
struct LaneQueue {
  enum Entry {
    case job(Job)
    case gatherer(any Gatherer)
  }

  /// Jobs that were sent before and are to be sent again, ahead of all new ones.
  private var retries = Fifo<Job>()
  /// New jobs and gatherers in the order of arrival. A gatherer has one entry while callers wait in it, and else none.
  private var arrivals = Fifo<Entry>()
  private var retryWeight = 0
  /// Total weight of the new jobs, plus the number of callers in gatherers: the limit of the queue applies to this.
  private(set) var arrivalWeight = 0

  /// Total weight of all work that waits.
  var weight: Int { retryWeight + arrivalWeight }
  var isEmpty: Bool { retries.isEmpty && arrivals.isEmpty }

  mutating func append(_ job: Job) {
    arrivals.append(.job(job))
    arrivalWeight += job.weight
  }

  /// Counts one more caller of `gatherer`; the gatherer adds the caller after this call.
  mutating func join(_ gatherer: any Gatherer) {
    if gatherer.waiting == 0 { arrivals.append(.gatherer(gatherer)) }
    arrivalWeight += 1
  }

  mutating func retry(_ job: Job) {
    retries.append(job)
    retryWeight += job.weight
  }

  /// Removes and returns the next job; nil if there is none, or if it may not share a Sync with `first`. `gather` makes
  /// a gatherer's job.
  mutating func next(sharingWith first: Job?, _ gather: (any Gatherer) -> Job?) -> Job? {
    if let job = retries.first {
      guard first?.shares(with: job) ?? true else { return nil }
      _ = retries.popFirst()
      retryWeight -= job.weight
      return job
    }
    while let entry = arrivals.first {
      switch entry {
      case .job(let job):
        guard first?.shares(with: job) ?? true else { return nil }
        _ = arrivals.popFirst()
        arrivalWeight -= job.weight
        return job
      case .gatherer(let gatherer):
        guard first?.sharing ?? .reads == .reads else { return nil }
        _ = arrivals.popFirst()
        let job = shrinking(gatherer) { gather(gatherer) }
        if let job { return job }
      }
    }
    return nil
  }

  /// Removes the jobs and gathered callers that have been abandoned. Returns the jobs, which are then to be finished.
  mutating func dropAbandoned() -> [Job] {
    var dropped: [Job] = []
    for entry in arrivals.removeAll() {
      switch entry {
      case .job(let job) where job.isAbandoned:
        arrivalWeight -= job.weight
        dropped.append(job)
      case .job: arrivals.append(entry)
      case .gatherer(let gatherer): shrinking(gatherer) { gatherer.dropAbandoned() }
      }
    }
    return dropped
  }

  mutating func removeAll() -> [Entry] {
    (retryWeight, arrivalWeight) = (0, 0)
    return retries.removeAll().map { .job($0) } + arrivals.removeAll()
  }

  /// Runs `body`, which removes callers from `gatherer`. If callers are left, the gatherer is queued again at the end.
  private mutating func shrinking<Value>(_ gatherer: any Gatherer, _ body: () -> Value) -> Value {
    let before = gatherer.waiting
    let value = body()
    arrivalWeight -= before - gatherer.waiting
    if gatherer.waiting > 0 { arrivals.append(.gatherer(gatherer)) }
    return value
  }
}

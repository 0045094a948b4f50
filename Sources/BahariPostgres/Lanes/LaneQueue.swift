/// The work that waits at a lane: first the jobs that are sent again, then the others in the order they came.
struct LaneQueue {
  enum Entry {
    case job(Job)
    case gatherer(any Gatherer)
  }

  /// Jobs that were sent before, and must not wait behind new ones.
  private var retries = Fifo<Job>()
  /// A gatherer has one entry here while callers wait in it, and none otherwise.
  private var arrivals = Fifo<Entry>()
  private var retryWeight = 0
  /// Total weight of the new jobs, plus the callers in gatherers. This is what the limit of the queue applies to.
  private(set) var arrivalWeight = 0

  /// Total weight of all that waits.
  var weight: Int { retryWeight + arrivalWeight }
  var isEmpty: Bool { retries.isEmpty && arrivals.isEmpty }

  mutating func append(_ job: Job) {
    arrivals.append(.job(job))
    arrivalWeight += job.weight
  }

  /// Counts one more caller of `gatherer`, who is added to it after this call.
  mutating func join(_ gatherer: any Gatherer) {
    if gatherer.waiting == 0 { arrivals.append(.gatherer(gatherer)) }
    arrivalWeight += 1
  }

  mutating func retry(_ job: Job) {
    retries.append(job)
    retryWeight += job.weight
  }

  /// Removes and returns the next job, if it may share a Sync with `first`. A gatherer's job is made by `gather`.
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

  /// Removes the jobs and gathered callers that nobody waits for any more. Returns the jobs, to be finished.
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

  /// Runs `body`, which removes callers from `gatherer`; those that are left get a new place at the end.
  private mutating func shrinking<Value>(_ gatherer: any Gatherer, _ body: () -> Value) -> Value {
    let before = gatherer.waiting
    let value = body()
    arrivalWeight -= before - gatherer.waiting
    if gatherer.waiting > 0 { arrivals.append(.gatherer(gatherer)) }
    return value
  }
}

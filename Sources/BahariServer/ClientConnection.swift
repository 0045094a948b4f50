import BahariFrame
import BahariService
import BahariShard
import Glibc

/// One client's socket: bytes in, frames to calls, answers out. Lives on one shard from accept to close.
final class ClientConnection {
  private let descriptor: OwnedFileDescriptor
  private let peer: Peer
  private let service: Service
  private let limits: ServerLimits
  private let scratch: ReadBuffer
  private let traffic: Traffic
  private let onClose: (ClientConnection) -> Void
  private var readSource: Source?
  private var writeSource: Source?
  private var decoder = FrameDecoder()
  private var state: ConnectionState<Call>
  /// The beginning of a frame whose rest has not come; nil when there is none.
  private var carry: WireWriter?
  private var framesRead = 0
  private var out = OutBuffer()
  private var isFlushScheduled = false
  private var waiting: [() -> Void] = []
  private var stallTimer: Timer?
  /// Runs while there is a part of a frame.
  private var frameTimer: Timer?
  private var idleTimer: Timer?
  /// Something was read since the idle timer was set.
  private var wasHeard = false
  /// The client will send no more; it may still read.
  private var isHalfClosed = false
  /// To be closed once everything is sent.
  private var isClosing = false
  private(set) var isClosed = false

  init(
    _ descriptor: OwnedFileDescriptor, _ peer: Peer, _ service: Service, _ limits: ServerLimits, _ scratch: ReadBuffer,
    _ traffic: Traffic, onClose: @escaping (ClientConnection) -> Void
  ) {
    self.descriptor = descriptor
    self.peer = peer
    self.service = service
    self.limits = limits
    self.scratch = scratch
    self.traffic = traffic
    self.onClose = onClose
    state = ConnectionState(limit: limits.callsInFlight)
  }

  func open(on shard: isolated Shard) {
    // Unowned here and below: sources and timers end with `close`. A weak reference would make every use of a
    // connection dearer.
    readSource = .reading(descriptor, on: shard) { [unowned self] in readable(on: shard) }
    readSource?.resume()
    watchIdleness(on: shard)
  }

  /// Nothing is in flight and nothing waits to be sent.
  var isQuiet: Bool { state.calls.isEmpty && out.count == 0 }

  /// The client has sent something that has not been read yet.
  var hasUnread: Bool {
    var poll = pollfd(fd: descriptor.raw, events: Int16(POLLIN), revents: 0)
    return !isHalfClosed && Glibc.poll(&poll, 1, 0) > 0
  }

  // MARK: Reading

  private func readable(on shard: isolated Shard) {
    for _ in 0..<limits.readsPerEvent {
      let buffer = scratch.bytes
      let length = read(descriptor.raw, buffer.baseAddress, buffer.count)
      traffic.reads += 1
      if length > 0 {
        take(UnsafeRawBufferPointer(rebasing: buffer[..<length]), on: shard)
        guard length == buffer.count, !isClosed, !isClosing, readSource?.isActive ?? false else { return }
      } else if length == 0 {
        return ended(on: shard)
      } else if errno != EINTR {
        if errno != EAGAIN { close(on: shard) }
        return
      }
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer, on shard: isolated Shard) {
    wasHeard = true
    let before = framesRead
    if let carry {
      carry.append(bytes)
      carry.consume(handleFrames(in: carry.bytes, on: shard))
      if carry.count == 0 || isClosing { self.carry = nil }
    } else {
      let used = handleFrames(in: bytes, on: shard)
      if used < bytes.count, !isClosing {
        let rest = WireWriter(capacity: bytes.count - used)
        rest.append(UnsafeRawBufferPointer(rebasing: bytes[used...]))
        carry = rest
      }
    }
    timeFrame(isNew: framesRead != before, on: shard)
  }

  /// A frame's time counts from its beginning, not from its last byte, and only while the client is read from.
  private func timeFrame(isNew: Bool, on shard: isolated Shard) {
    let isAwaited = readSource?.isActive ?? false && (carry != nil || decoder.isSkipping)
    if let frameTimer, isNew || !isAwaited {
      shard.cancel(frameTimer)
      self.frameTimer = nil
    }
    guard isAwaited, frameTimer == nil else { return }
    frameTimer = shard.schedule(after: limits.frameNanoseconds) { [unowned self] in close(on: shard) }
  }

  private func watchIdleness(on shard: isolated Shard) {
    guard limits.idleNanoseconds > 0, !isClosed else { return }
    idleTimer = shard.schedule(after: limits.idleNanoseconds) { [unowned self] in
      guard wasHeard || !isQuiet else { return close(on: shard) }
      // Its time as an idle one begins after the last of its calls.
      wasHeard = !isQuiet
      watchIdleness(on: shard)
    }
  }

  /// Handles every whole frame and returns how many bytes they took.
  private func handleFrames(in bytes: UnsafeRawBufferPointer, on shard: isolated Shard) -> Int {
    var offset = 0
    while !isClosing, let event = decoder.next(in: bytes, at: &offset) {
      framesRead += 1
      switch event {
      case .frame(let header, let data): handle(header, data, on: shard)
      case .oversize(let header): handle(oversize: header, on: shard)
      case .hopeless(let header):
        refuse(header, ConnectionState<Call>.oversize(header), on: shard)
        stop(on: shard)
      }
    }
    return offset
  }

  private func handle(_ header: FrameHeader, _ data: UnsafeRawBufferPointer, on shard: isolated Shard) {
    switch state.verdict(on: header) {
    case .start: start(header, data, on: shard)
    case .cancel(let call): call.cancel(isGone: false, on: shard)
    case .abort(let call, let status): call.abort(status, on: shard)
    case .refuse(let status): refuse(header, status, on: shard)
    case .ignore: break
    }
  }

  /// Data too long for a call in flight is the end of that call, and its one end.
  private func handle(oversize header: FrameHeader, on shard: isolated Shard) {
    let status = ConnectionState<Call>.oversize(header)
    guard header.type == .data, let call = state.calls[header.stream] else { return refuse(header, status, on: shard) }
    call.abort(status, on: shard)
  }

  private func start(_ header: FrameHeader, _ data: UnsafeRawBufferPointer, on shard: isolated Shard) {
    do {
      let request = try RequestEnvelope(data)
      let call = Call(stream: header.stream, peer: peer, sink: self)
      state.opened(header.stream, call)
      service.handle(call, request, on: shard)
    } catch {
      refuse(header, Status(ErrorClass.malformed, "the request cannot be decoded: \(error)"), on: shard)
    }
  }

  private func refuse(_ header: FrameHeader, _ status: Status, on shard: isolated Shard) {
    out.writer.response(stream: header.stream, status: status)
    wroteFrame(on: shard)
  }

  // MARK: Ending

  /// The client will send no more. A source left active at the end of file would fire without pause.
  private func ended(on shard: isolated Shard) {
    readSource?.cancel()
    readSource = nil
    carry = nil
    timeFrame(isNew: false, on: shard)
    isHalfClosed = true
    watchHangup(on: shard)
  }

  /// While calls run for a client that sends no more: is it still there?
  private func watchHangup(on shard: isolated Shard) {
    guard !isClosed else { return }
    var poll = pollfd(fd: descriptor.raw, events: 0, revents: 0)
    let isGone = Glibc.poll(&poll, 1, 0) > 0 && poll.revents & Int16(POLLHUP | POLLERR) != 0
    guard !isGone, !isQuiet else { return close(on: shard) }
    _ = shard.schedule(after: limits.hangupCheckNanoseconds) { [weak self] in self?.watchHangup(on: shard) }
  }

  /// Reads no more; closes once everything is sent.
  private func stop(on shard: isolated Shard) {
    isClosing = true
    readSource?.cancel()
    readSource = nil
    scheduleFlush(on: shard)
  }

  func close(on shard: isolated Shard) {
    guard !isClosed else { return }
    isClosed = true
    isClosing = true
    readSource?.cancel()
    writeSource?.cancel()
    (readSource, writeSource, carry) = (nil, nil, nil)
    for timer in [stallTimer, frameTimer, idleTimer] { if let timer { shard.cancel(timer) } }
    (stallTimer, frameTimer, idleTimer) = (nil, nil, nil)
    for call in state.closeAll() { call.cancel(isGone: true, on: shard) }
    wakeWaiting()
    onClose(self)
  }
}

// MARK: - Answers

extension ClientConnection: CallSink {
  func reply(_ payload: UnsafeRawBufferPointer, to call: Call, on shard: isolated Shard) {
    out.writer.response(stream: call.stream, payload: payload)
    finished(call, on: shard)
  }

  func part(_ payload: UnsafeRawBufferPointer, of call: Call, on shard: isolated Shard) {
    out.writer.data(stream: call.stream, payload: payload)
    wroteFrame(on: shard)
  }

  func end(of call: Call, on shard: isolated Shard) {
    out.writer.endOfStream(call.stream)
    finished(call, on: shard)
  }

  func fail(_ status: Status, _ call: Call, on shard: isolated Shard) {
    out.writer.response(stream: call.stream, status: status)
    finished(call, on: shard)
  }

  private func finished(_ call: Call, on shard: isolated Shard) {
    state.closed(call.stream)
    wroteFrame(on: shard)
  }

  private func wroteFrame(on shard: isolated Shard) {
    traffic.frames += 1
    scheduleFlush(on: shard)
  }

  var takesMore: Bool { isClosed || out.count < limits.streamHighBytes }

  func whenItTakesMore(_ body: @escaping () -> Void) {
    if takesMore { body() } else { waiting.append(body) }
  }

  private func wakeWaiting() {
    let bodies = waiting
    waiting.removeAll()
    for body in bodies { body() }
  }
}

// MARK: - Writing

extension ClientConnection: EventEnd {
  private func scheduleFlush(on shard: isolated Shard) {
    guard !isFlushScheduled, !isClosed else { return }
    isFlushScheduled = true
    shard.atEndOfEvent(self)
  }

  func eventEnded(on shard: isolated Shard) {
    isFlushScheduled = false
    flush(on: shard)
  }

  /// Sends what the socket takes; the rest goes when it takes more.
  private func flush(on shard: isolated Shard) {
    guard !isClosed else { return }
    while out.count > 0 {
      let sent = send(descriptor.raw, out.bytes.baseAddress, out.count, Int32(MSG_NOSIGNAL))
      traffic.writes += 1
      if sent > 0 {
        out.consume(sent)
        restartStallTimer(on: shard)
      } else if errno == EAGAIN {
        break
      } else if errno != EINTR {
        return close(on: shard)
      }
    }
    guard out.count <= limits.outMaximumBytes else { return close(on: shard) }
    out.count == 0 ? drained(on: shard) : blocked(on: shard)
    throttle(on: shard)
    if takesMore { wakeWaiting() }
  }

  private func drained(on shard: isolated Shard) {
    writeSource?.suspend()
    out.writer.shrink(to: limits.idleBufferBytes)
    if let stallTimer { shard.cancel(stallTimer) }
    stallTimer = nil
    if isClosing || (isHalfClosed && state.calls.isEmpty) { close(on: shard) }
  }

  private func blocked(on shard: isolated Shard) {
    if writeSource == nil {
      writeSource = .writing(descriptor, on: shard) { [unowned self] in flush(on: shard) }
    }
    writeSource?.resume()
    if stallTimer == nil { startStallTimer(on: shard) }
  }

  private func startStallTimer(on shard: isolated Shard) {
    stallTimer = shard.schedule(after: limits.writeStallNanoseconds) { [unowned self] in close(on: shard) }
  }

  private func restartStallTimer(on shard: isolated Shard) {
    guard let stallTimer else { return }
    shard.cancel(stallTimer)
    startStallTimer(on: shard)
  }

  /// A client that does not read its answers is not asked for more requests.
  private func throttle(on shard: isolated Shard) {
    let isToRead = out.count <= limits.outHighBytes
    guard let readSource, readSource.isActive != isToRead else { return }
    if isToRead { readSource.resume() } else { readSource.suspend() }
    timeFrame(isNew: true, on: shard)
  }
}

/// Where a shard reads into, before it is known whose bytes are whole frames.
final class ReadBuffer {
  let bytes: UnsafeMutableRawBufferPointer

  init(size: Int) { bytes = .allocate(byteCount: size, alignment: 16) }

  deinit { bytes.deallocate() }
}

/// What a shard has read from its clients and sent to them: system calls, and frames sent.
final class Traffic {
  var reads = 0
  var writes = 0
  var frames = 0
}

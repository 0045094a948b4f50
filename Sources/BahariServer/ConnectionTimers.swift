import BahariShard

/// The armed timers of one connection.
struct ConnectionTimers {
  private var idle: Timer?
  private var frame: Timer?
  private var stall: Timer?
  private var hangup: Timer?

  subscript(_ timer: ConnectionTimer) -> Timer? {
    get {
      switch timer {
      case .idle: idle
      case .frame: frame
      case .stall: stall
      case .hangup: hangup
      }
    }
    set {
      switch timer {
      case .idle: idle = newValue
      case .frame: frame = newValue
      case .stall: stall = newValue
      case .hangup: hangup = newValue
      }
    }
  }
}

extension ServerLimits {
  func nanoseconds(_ timer: ConnectionTimer) -> UInt64 {
    switch timer {
    case .idle: idleNanoseconds
    case .frame: frameNanoseconds
    case .stall: writeStallNanoseconds
    case .hangup: hangupCheckNanoseconds
    }
  }
}

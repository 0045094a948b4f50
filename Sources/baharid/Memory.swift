import BahariServer
import BahariService
import CMalloc

/// Gives the system back the memory that a burst has left: the allocator keeps what is freed for later, in an
/// arena for each thread that ever took some, and after a burst there may be no later.
struct Memory {
  private static let interval = Duration.seconds(5)
  /// More memory kept for later than the last time left that is worth giving back, in bytes. It takes milliseconds,
  /// in which others may wait for the allocator.
  private static let most = 8 * 1_048_576

  /// What was kept when all had been given back that could be; bytes.
  private var floor = 0

  /// Looks now and then how much is kept, until the task is cancelled.
  static func keepLow() async {
    var memory = Memory()
    memory.giveBack()
    while (try? await Task.sleep(for: interval)) != nil {
      if Memory.kept > memory.floor + most { memory.giveBack() }
    }
  }

  private mutating func giveBack() {
    malloc_trim(0)
    floor = Memory.kept
  }

  /// What the process has in memory and nobody uses, its programs' code included; bytes.
  private static var kept: Int {
    let info = mallinfo2()
    return DaemonStats.residentBytes - Int(info.uordblks + info.hblkhd)
  }
}

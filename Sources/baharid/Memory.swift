import CMalloc
import Glibc

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
    return resident - Int(info.uordblks + info.hblkhd)
  }

  /// The process's resident memory in bytes; 0 where the system does not report it.
  static var resident: Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    // The first two numbers are pages: of the address space, and of those in memory.
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 1 ? numbers[1] * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}

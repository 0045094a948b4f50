import CMalloc
import Glibc

/// Returns memory to the system after a burst of calls: the allocator keeps freed memory in one arena per thread, and
/// after a burst nothing may ever use it again.
struct Memory {
  private static let interval = Duration.seconds(5)
  /// Growth of the unused memory, in bytes, from which on returning it is worth the milliseconds in which other threads
  /// may wait for the allocator.
  private static let most = 8 * 1_048_576

  /// Unused memory that could not be returned the last time; bytes.
  private var floor = 0

  /// Checks every few seconds, until the task is cancelled.
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

  /// Resident memory that is not allocated, which includes the program's code; bytes.
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

import CMalloc
import Glibc

/// Returns freed memory to the system after a burst of calls. The allocator keeps freed memory separately for each
/// thread, where it may never be used again.
struct Memory {
  private static let interval = Duration.seconds(5)
  /// Returning memory may make other threads wait some milliseconds for the allocator, so it is done only after the
  /// unused memory has grown by this many bytes.
  private static let most = 8 * 1_048_576

  /// The bytes of unused memory that remained after memory was last returned.
  private var floor = 0

  /// Checks every few seconds whether there is unused memory to return, until the task is cancelled.
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

  /// The bytes of resident memory that are not allocated. This includes the program's code.
  private static var kept: Int {
    let info = mallinfo2()
    return resident - Int(info.uordblks + info.hblkhd)
  }

  /// The process's resident memory in bytes; 0 where the system does not report it.
  static var resident: Int {
    guard let file = fopen("/proc/self/statm", "re") else { return 0 }
    defer { fclose(file) }
    // The first two numbers of the file are pages: those of the address space, and those in memory.
    var line = [CChar](repeating: 0, count: 128)
    guard fgets(&line, Int32(line.count), file) != nil else { return 0 }
    let text = String(decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    let numbers = text.split(separator: " ").compactMap { Int($0) }
    return numbers.count > 1 ? numbers[1] * sysconf(Int32(_SC_PAGESIZE)) : 0
  }
}

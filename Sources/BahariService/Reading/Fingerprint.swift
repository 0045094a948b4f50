import BahariFrame
import BahariPostgres

/// An FNV-1a hash. Unlike Swift's Hasher, it gives the same result in every process. Page tokens need this, because
/// callers may use them after a restart of the daemon.
struct Fingerprint: Sendable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // A separator after each value, so that ("ab", "c") and ("a", "bc") have different hashes.
    value = (value ^ 0xff) &* 0x100_0000_01b3
  }
}

import BahariFrame
import BahariPostgres

/// FNV-1a, which is the same on every machine and in every run: a token outlives the daemon that made it.
struct Fingerprint: Sendable {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func combine(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    // Parts are told apart from what they make together.
    value = (value ^ 0xff) &* 0x100_0000_01b3
  }
}

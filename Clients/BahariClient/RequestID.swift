/// Request ids: the daemon recognizes a repeated write by its id for a day, and the repetition has no second effect.
public enum RequestID {
  /// Makes a random id: 128 bits in hexadecimal.
  public static func random() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Returns the caller's id, or a random one if that is nil or empty.
  static func orNew(_ id: String?) -> String { id.flatMap { $0.isEmpty ? nil : $0 } ?? random() }
}

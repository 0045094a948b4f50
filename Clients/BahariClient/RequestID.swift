/// The name of a write, by which its repetition is known and has no second effect for a day.
public enum RequestID {
  /// A new one: 128 random bits in hexadecimal.
  public static func random() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The caller's, or a new one where that says nothing.
  static func orNew(_ id: String?) -> String { id.flatMap { $0.isEmpty ? nil : $0 } ?? random() }
}

/// Makes request ids. If a write is repeated with the same request id within a day, the daemon does not write again and
/// returns the first reply.
public enum RequestID {
  /// Returns a random request id: 128 bits as 32 hexadecimal digits.
  public static func random() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Returns `id`, or a random request id if `id` is nil or empty.
  static func orNew(_ id: String?) -> String { id.flatMap { $0.isEmpty ? nil : $0 } ?? random() }
}

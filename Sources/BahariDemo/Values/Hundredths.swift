/// A decimal number with two digits after the point.
struct Hundredths: CustomStringConvertible {
  let count: Int

  var description: String { "\(count / 100).\(digits(count % 100, 2))" }
}

/// A decimal number with two digits after the point, stored as a number of hundredths.
struct Hundredths: CustomStringConvertible {
  let count: Int

  var description: String { "\(count / 100).\(digits(count % 100, 2))" }
}

extension Parameters {
  /// Calls `body` with the parameters as libpq's send functions take them: count, values, lengths, formats.
  func withPointers<T>(
    _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> T
  ) -> T {
    let count = slots.count
    guard count > 0 else { return body(0, nil, nil, nil) }
    return bytes.withUnsafeBytes { raw in
      withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) { values in
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: 2 * count) { numbers in
          for (index, slot) in slots.enumerated() {
            values[index] =
              slot.length < 0 ? nil : raw.baseAddress?.assumingMemoryBound(to: CChar.self).advanced(by: slot.offset)
            numbers[index] = max(slot.length, 0)
            numbers[count + index] = slot.format
          }
          return body(
            Int32(count), values.baseAddress, numbers.baseAddress, numbers.baseAddress?.advanced(by: count))
        }
      }
    }
  }
}

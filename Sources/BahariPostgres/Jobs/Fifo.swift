/// A queue: first in, first out, in constant time. Inlinable, so that other modules get code for their elements.
package struct Fifo<Element> {
  @usableFromInline var elements: [Element?] = []
  @usableFromInline var head = 0

  @inlinable package init() {}

  @inlinable package var count: Int { elements.count - head }
  @inlinable package var isEmpty: Bool { count == 0 }
  @inlinable package var first: Element? { isEmpty ? nil : elements[head] }

  @inlinable package mutating func append(_ element: Element) { elements.append(element) }

  @inlinable package mutating func popFirst() -> Element? {
    guard !isEmpty else { return nil }
    let element = elements[head]
    elements[head] = nil
    head += 1
    if head == elements.count {
      elements.removeAll(keepingCapacity: true)
      head = 0
    } else if head > 1024, head * 2 > elements.count {
      elements.removeFirst(head)
      head = 0
    }
    return element
  }

  @inlinable package mutating func removeAll() -> [Element] {
    defer {
      elements.removeAll()
      head = 0
    }
    return elements[head...].compactMap { $0 }
  }

  /// Removes the elements that satisfy `condition`; the order of the others stays.
  @inlinable package mutating func removeAll(where condition: (Element) -> Bool) {
    elements.removeAll { $0.map(condition) ?? true }
    head = 0
  }
}

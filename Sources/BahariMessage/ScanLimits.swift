import BahariFrame

/// Limits on a request message, checked before the message is unpacked.
package struct ScanLimits: Sendable {
  /// The largest number of levels of nested messages. The outermost message is level 1.
  package var depth = CallLimits.requestDepth
  /// The largest number of fields and list elements, including those of nested messages.
  package var elements = CallLimits.requestElements

  package init() {}
}

import BahariFrame

/// Limits of a request message, checked before it is unpacked.
package struct ScanLimits: Sendable {
  /// Most levels of nested messages; the outermost is level 1.
  package var depth = CallLimits.requestDepth
  /// Most fields and list elements, those of nested messages included.
  package var elements = CallLimits.requestElements

  package init() {}
}

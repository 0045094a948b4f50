import BahariFrame
import BahariMessage
import Testing

@testable import BahariService

/// The service enforces the limits that clients and documents take from `CallLimits`.
@Suite("Limits of calls") struct CallLimitTests {
  @Test("the service's limits are those that the documents state") func service() {
    #expect(ServiceLimits.listRows == CallLimits.pageRows)
    #expect(ServiceLimits.listRowsDefault == CallLimits.pageRowsDefault)
    #expect(Int(ServiceLimits.pageMaximum) == CallLimits.pageNumber)
    #expect(ServiceLimits.reportRows == CallLimits.reportRows)
    #expect(ServiceLimits.batchRows == CallLimits.batchRows)
    #expect(ServiceLimits.batchRemarks == CallLimits.batchWarnings)
    #expect(ServiceLimits.violations == CallLimits.violations)
    #expect(ServiceLimits.filterDepth == CallLimits.filterDepth)
    #expect(ServiceLimits.filterTerms == CallLimits.filterComparisons)
    #expect(ServiceLimits.filterValues == CallLimits.filterValues)
    #expect(ServiceLimits.sortColumns == CallLimits.sortColumns)
    #expect(ServiceLimits.searchCharacters == CallLimits.searchCharacters)
    #expect(ServiceLimits.numericCharacters == CallLimits.numericCharacters)
    #expect(1...ServiceLimits.requestIDCharacters == CallLimits.requestIDCharacters)
    #expect(ServiceLimits.replyBytes < CallLimits.frameBytes)
    #expect(ScanLimits().depth == CallLimits.requestDepth && ScanLimits().elements == CallLimits.requestElements)
  }

  @Test("the default deadlines are those that the documents state") func deadlines() {
    let deadlines = Deadlines()
    for (nanoseconds, seconds) in [
      (deadlines.pointNanoseconds, CallLimits.rowSeconds), (deadlines.listNanoseconds, CallLimits.listSeconds),
      (deadlines.batchNanoseconds, CallLimits.batchSeconds), (deadlines.longestNanoseconds, CallLimits.longestSeconds),
    ] { #expect(nanoseconds == UInt64(seconds) * 1_000_000_000) }
  }
}

import BahariFrame
import Testing

@testable import BahariServer

@Test("The server's limits are those that the documents state")
func limitsAreThoseOfTheDocuments() {
  #expect(ServerLimits().callsInFlight == CallLimits.callsInFlight)
  #expect(ServerLimits().connections == CallLimits.clients)
}

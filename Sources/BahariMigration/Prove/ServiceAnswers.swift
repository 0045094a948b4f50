import BahariPostgres

/// The result of a List and a Get of every service of a database.
package struct ServiceAnswers: Sendable {
  /// How many services answered both.
  package let answered: Int
  /// A line for each call that failed.
  package let faults: [String]

  package init(answered: Int, faults: [String]) { (self.answered, self.faults) = (answered, faults) }
}

/// Calls every service on a database. The services are a layer above this one, so the caller passes this in.
package typealias ServiceCheck = @Sendable (Conninfo) async throws -> ServiceAnswers

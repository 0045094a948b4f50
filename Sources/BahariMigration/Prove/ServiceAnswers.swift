import BahariPostgres

/// The result of calling List and Get of every service on a database.
package struct ServiceAnswers: Sendable {
  /// How many services answered both List and Get.
  package let answered: Int
  /// A line for each call that failed.
  package let faults: [String]

  package init(answered: Int, faults: [String]) { (self.answered, self.faults) = (answered, faults) }
}

/// Calls every service on a database. This library does not know the services, so its caller passes such a function.
package typealias ServiceCheck = @Sendable (Conninfo) async throws -> ServiceAnswers

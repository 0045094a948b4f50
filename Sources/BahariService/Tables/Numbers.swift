import BahariCatalog
import BahariMessage
import BahariPostgres

/// Field numbers that are the same in every row message. Clients depend on them, so they never change.
enum Numbers {
  static let version: UInt32 = 90
}

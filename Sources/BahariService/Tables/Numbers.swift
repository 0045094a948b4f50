import BahariCatalog
import BahariMessage
import BahariPostgres

/// Field numbers that mean the same in every row message; contract, not to change.
enum Numbers {
  static let version: UInt32 = 90
}

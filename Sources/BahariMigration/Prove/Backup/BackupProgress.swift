/// How far a backup or a restore is: in this step, at this table, with so much of the whole behind it.
package struct BackupProgress: Sendable {
  package enum Step: String, Sendable {
    case reading = "reading"
    case dumping = "dumping"
    case restoring = "restoring"
    case comparing = "comparing"
    case rehearsing = "rehearsing"
  }

  package let step: Step
  package let table: String
  package let done: Int64
  package let total: Int64
}

/// The progress of a backup or a restore: the step, the table, and how much of the step is done.
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

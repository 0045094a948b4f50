/// The report of a backup that was made, or of one that was restored.
package struct BackupReport: Encodable, Sendable {
  /// The path of the backup's `.dump` file.
  package let path: String
  package let manifest: BackupManifest

  package init(path: String, manifest: BackupManifest) { (self.path, self.manifest) = (path, manifest) }
}

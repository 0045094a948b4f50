/// A backup that was made and proven, or restored.
package struct BackupReport: Encodable, Sendable {
  /// The path of the `.dump`.
  package let path: String
  package let manifest: BackupManifest

  package init(path: String, manifest: BackupManifest) { (self.path, self.manifest) = (path, manifest) }
}

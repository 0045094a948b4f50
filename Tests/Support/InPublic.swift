import BahariPostgres

extension ConnectionOptions {
  /// As another program connects: names without a schema are found in schema public.
  package static func inPublic(_ conninfo: String) -> ConnectionOptions {
    var options = ConnectionOptions(conninfo: conninfo)
    options.settings["search_path"] = "public"
    return options
  }
}

import ArgumentParser

enum RowFormat: String, ExpressibleByArgument, CaseIterable {
  case table, wide, name, json, jsonl, csv

  static let help: ArgumentHelp =
    "table, wide (all columns, uncut), name (lines such as kapal/12), json, jsonl or csv."
}

import ArgumentParser

enum PlainFormat: String, ExpressibleByArgument, CaseIterable { case table, json }

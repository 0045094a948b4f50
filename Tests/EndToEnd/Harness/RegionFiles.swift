import Foundation
import TestSupport

/// A CSV file as a test reads it: the bytes, and the rows behind the header.
struct RegionFile: Sendable {
  let resource: String
  let path: String
  let bytes: [UInt8]
  /// Fields in the order of the header; NULL and '' look the same.
  let rows: [[String]]

  static let resources = ["provinsi", "kabupaten", "kecamatan", "desa"]

  init(_ resource: String, path: String) throws {
    self.resource = resource
    self.path = path
    bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    rows = RegionFile.records(bytes).dropFirst().map { $0 }
  }

  /// The real regions.
  static func shared() throws -> [RegionFile] {
    let names = ["provinces", "regencies", "districts", "villages"]
    return try zip(resources, names).map { try RegionFile($0, path: "\(SharedData.wilayah)/\($1).csv") }
  }

  /// A small country with names that are hard on a parser.
  static func generated() throws -> [RegionFile] {
    let names = [
      "Ba'u Laut", "\"Desa, Hilir\"", "\"Kata \"\"Baru\"\"\"", "100% Bahari", "Ujung_Batu", "Pulau Éè", "BA'U",
    ]
    let folder = try Place.fresh("regions")
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var texts = ["id,name,alt_name,latitude,longitude\n"]
    for parent in ["province_id", "regency_id", "district_id"] {
      texts.append("id,\(parent),name,alt_name,latitude,longitude\n")
    }
    for province in 11...12 {
      texts[0] += "\(province),PROVINSI \(province),,4.2257286,96.9118741\n"
      let regency = province * 100 + 1
      texts[1] += "\(regency),\(province),KABUPATEN \(regency),KAB. \(regency),3.1618538,97.4365177\n"
      for district in regency * 100 + 1...regency * 100 + 3 {
        texts[2] += "\(district),\(regency),Kecamatan \(district),,-2.9603257,97.4608731\n"
        for village in 1...41 {
          let name = village % 6 == 0 ? names[(village / 6 - 1) % names.count] : "Desa \(village)"
          texts[3] += "\(district * 10_000 + village),\(district),\(name),,-0.25,97.484584\n"
        }
      }
    }
    return try zip(resources, texts).map { resource, text in
      let path = "\(folder)/\(resource).csv"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      return try RegionFile(resource, path: path)
    }
  }

  private static func records(_ bytes: [UInt8]) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    for byte in bytes {
      switch byte {
      // A doubled quote leaves the quotes and enters them again; the one in between is the text's.
      case UInt8(ascii: "\""):
        isQuoted.toggle()
        if isQuoted, !field.isEmpty { field.append(byte) }
      case UInt8(ascii: ",") where !isQuoted:
        record.append(String(decoding: field, as: UTF8.self))
        field = []
      case UInt8(ascii: "\n") where !isQuoted:
        records.append(record + [String(decoding: field, as: UTF8.self)])
        (record, field) = ([], [])
      default: field.append(byte)
      }
    }
    return records
  }
}

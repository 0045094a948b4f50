import Foundation
import TestSupport
import Testing

@testable import BahariDemo

/// Attendance, by the rules for whoever checks out.
@Suite("Demo attendance", .offPool) struct AttendanceTests {
  /// "2025-02-03 00:12:45" in seconds since the day began that `day` names, in UTC.
  private func seconds(_ moment: String, since day: String, _ days: inout [String: Int]) -> Int {
    func number(_ day: String) -> Int {
      if let known = days[day] { return known }
      let number = (try? date(day)).map { Int($0.timeIntervalSinceReferenceDate / 86_400) } ?? -1
      days[day] = number
      return number
    }
    let clock = moment.dropFirst(11).split(separator: ":").compactMap { Int($0) }
    guard clock.count == 3 else { return -1 }
    return (number(String(moment.prefix(10))) - number(day)) * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2]
  }

  @Test("Hours, status and overtime follow from the times")
  func derived() {
    var days: [String: Int] = [:]
    var statuses: [String: Int] = [:]
    for row in Demo["trx_absensi"] {
      statuses[row.text("status"), default: 0] += 1
      guard let checkout = row["checkout"] else {
        #expect(row["status"] == "Masih Berjalan" && row["working_hours"] == nil && row["total_overtime"] == "0.00")
        #expect(row["co_latitude"] == nil && row["co_longitude"] == nil)
        continue
      }
      let day = row.text("date")
      let stay = seconds(checkout, since: day, &days) - seconds(row.text("checkin"), since: day, &days)
      // In hundredths of an hour, half up: floor(x / 36 + 1/2).
      func rounded(_ seconds: Int) -> Int { Int((Double(seconds) / 36 + 0.5).rounded(.down)) }
      let (status, overtime) =
        stay < 8 * 3_600
        ? ("Pulang Sebelum Waktunya", 0)
        : stay * 4 <= 33 * 3_600 ? ("Tepat Waktu", 0) : ("Lembur", rounded(stay - 29_700))
      let isSound =
        stay > 0 && row.hundredths("working_hours") == rounded(stay) && row["status"] == status
        && row.hundredths("total_overtime") == overtime && row["co_latitude"] != nil
      #expect(isSound, "visit \(row.int("id")): \(stay) s")
    }
    #expect(statuses.count == 4 && statuses.values.allSatisfy { $0 > 100 }, "\(statuses)")
  }

  @Test("An employee comes once a day, on weekdays, between seven and nine of the place")
  func days() throws {
    let rows = Demo["trx_absensi"]
    #expect(Set(rows.map { "\($0.text("nip")) \($0.text("date"))" }).count == rows.count)
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    let named = Set(rows.map { $0.text("date") })
    #expect(named.min() ?? "" >= "2025-01-01" && named.max() ?? "" <= "2026-06-30")
    for day in named { #expect(!calendar.isDateInWeekend(try date(day)), "\(day)") }
    // WIB, WITA and WIT, by the province that the employee's office is of.
    let offices = Demo.byID("mst_organisasi")
    let zones = Dictionary(
      uniqueKeysWithValues: Demo["mst_pegawai"].map { row in
        let code = offices[row.int("organisasi_id")]?.text("kode_organisasi") ?? ""
        let province = code.hasPrefix("DKP-") ? Int(code.dropFirst(4)) ?? 0 : 31
        let zone = [81, 82, 91, 94].contains(province) ? 9 : province > 62 || (51...53).contains(province) ? 8 : 7
        return (row.text("nip"), zone)
      })
    var known: [String: Int] = [:]
    for row in rows {
      let local =
        seconds(row.text("checkin"), since: row.text("date"), &known) + (zones[row.text("nip")] ?? 0) * 3_600
      #expect((7 * 3_600..<9 * 3_600).contains(local), "visit \(row.int("id"))")
    }
  }
}

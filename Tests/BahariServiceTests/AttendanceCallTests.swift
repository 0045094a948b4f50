import BahariCatalog
import BahariClient
import BahariFrame
import TestSupport
import Testing

@testable import BahariService

@Suite("Check-in and check-out", .ownDatabases) struct AttendanceCallTests {
  @Test("a day from check-in to check-out, once each") func day() async throws {
    let bench = try await Fishery.bench("attendance_day")
    let checkIn = Bahari_V1_CheckInRequest.with {
      ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = (Fishery.nip, "2026-01-01", "-5", "105")
      $0.checkin.seconds = 1_767_225_600
    }
    let begun: Bahari_V1_AbsensiReply = try await bench.call(checkIn, "Absensi", .checkIn)
    #expect(begun.data.status == "Masih Berjalan" && !begun.data.hasWorkingHours)
    let twice = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(checkIn, "Absensi", .checkIn)
    }
    #expect(twice?.metadata["response_code"] == "4090001" && twice?.violations.map(\.field) == ["nip"])
    var checkOut = Bahari_V1_CheckOutRequest.with {
      ($0.nip, $0.date) = (Fishery.nip, "2026-01-01")
      $0.checkout.seconds = 1_767_225_599
    }
    let early = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(checkOut, "Absensi", .checkOut)
    }
    #expect(early?.violations.map(\.field) == ["checkout"])
    checkOut.checkout.seconds = 1_767_225_600 + 9 * 3600
    let ended: Bahari_V1_AbsensiReply = try await bench.call(checkOut, "Absensi", .checkOut)
    #expect(ended.data.status == "Lembur" && ended.data.workingHours == "9.00" && ended.data.totalOvertime == "0.75")
    for _ in 0..<2 {
      let again = await #expect(throws: BahariFrame.Status.self) {
        let _: Bahari_V1_AbsensiReply = try await bench.call(checkOut, "Absensi", .checkOut)
      }
      #expect(again?.metadata["response_code"] == "4040000" && again?.code == .failedPrecondition)
    }
    let nobody = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(
        Bahari_V1_CheckOutRequest.with { ($0.nip, $0.date) = (Fishery.nip, "2026-01-02") }, "Absensi", .checkOut)
    }
    #expect(nobody?.metadata["response_code"] == "4040001")
    for requestID in ["", "stranger"] {
      let stranger = await #expect(throws: BahariFrame.Status.self) {
        let _: Bahari_V1_AbsensiReply = try await bench.call(
          Bahari_V1_CheckInRequest.with {
            ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = ("404", "2026-01-02", "-5", "105")
            if !requestID.isEmpty { $0.requestID = requestID }
          }, "Absensi", .checkIn)
      }
      #expect(stranger?.metadata["response_code"] == "4000001" && stranger?.violations.map(\.field) == ["nip"])
    }
    let faults = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(
        Bahari_V1_CheckInRequest.with { $0.ciLatitude = "91" }, "Absensi", .checkIn)
    }
    #expect(Set(faults?.violations.map(\.field) ?? []) == ["nip", "date", "ci_latitude", "ci_longitude"])
    await bench.close()
  }

  @Test("a check-out by id must match the employee and the day that it names, and its hours must fit the column")
  func named()
    async throws
  {
    let bench = try await Fishery.bench("attendance_named")
    let begun: Bahari_V1_AbsensiReply = try await bench.call(
      Bahari_V1_CheckInRequest.with {
        ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = (Fishery.nip, "2026-01-01", "-5", "105")
        $0.checkin.seconds = 1_767_225_600
      }, "Absensi", .checkIn)
    var checkOut = Bahari_V1_CheckOutRequest.with {
      ($0.id, $0.nip, $0.date) = (Int64(begun.data.id), Fishery.nip, "2026-01-02")
      $0.checkout.seconds = 1_767_225_600 + 1_000 * 3_600
    }
    func refused() async throws -> BahariFrame.Status? {
      await #expect(throws: BahariFrame.Status.self) {
        let _: Bahari_V1_AbsensiReply = try await bench.call(checkOut, "Absensi", .checkOut)
      }
    }
    let other = try await refused()
    #expect(other?.metadata["response_code"] == "4040001" && other?.message.contains("id and nip and date") == true)
    checkOut.date = "2026-01-01"
    let long = try await refused()
    #expect(long?.code == .invalidArgument && long?.message.contains("checkin, checkout is too large") == true)
    checkOut.checkout.seconds = 1_767_225_600 + 3_600
    let ended: Bahari_V1_AbsensiReply = try await bench.call(checkOut, "Absensi", .checkOut)
    #expect(ended.data.workingHours == "1.00")
    let negative = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(
        Bahari_V1_UpdateAbsensiRequest.with {
          ($0.data.id, $0.data.workingHours) = (begun.data.id, "-1")
          $0.updateMask.paths = ["working_hours"]
        }, "Absensi", .update)
    }
    #expect(negative?.violations.map(\.field) == ["data.working_hours"])
    await bench.close()
  }

  @Test("a day is judged by the operator's settings, to the second", arguments: [28_800, 25_200], [900, 0])
  func settings(fullDay: Int, grace: Int) async throws {
    var attendance = Attendance()
    (attendance.fullDaySeconds, attendance.graceSeconds) = (fullDay, grace)
    let bench = try await Fishery.bench("attendance_set", Catalog.tables(attendance))
    let late = fullDay + grace
    // Overtime has two decimals: a hundredth of an hour is the least that shows.
    let days: [(seconds: Int, status: String, overtime: String)] = [
      (fullDay - 1, Attendance.early, "0.00"), (fullDay, Attendance.onTime, "0.00"),
      (late, Attendance.onTime, "0.00"), (late + 36, Attendance.overtime, "0.01"),
      (late + 3_600, Attendance.overtime, "1.00"),
    ]
    for (number, day) in days.enumerated() {
      let begin: Int64 = 1_767_225_600
      let row = Bahari_V1_CreateAbsensiRequest.with {
        ($0.data.nip, $0.data.date) = (Fishery.nip, "2026-01-0\(number + 1)")
        ($0.data.ciLatitude, $0.data.ciLongitude) = ("-5", "105")
        ($0.data.checkin.seconds, $0.data.checkout.seconds) = (begin, begin + Int64(day.seconds))
      }
      let made: Bahari_V1_AbsensiReply = try await bench.call(row, "Absensi", .create)
      #expect(made.data.status == day.status && made.data.totalOvertime == day.overtime, "\(day)")
    }
    await bench.close()
  }

  @Test("statements planned while tables were empty scan no table from end to end") func emptyTables() async throws {
    let bench = try await Fishery.bench("attendance_empty")
    // PostgreSQL takes the table for empty from now on, whatever comes.
    try bench.session.execute("VACUUM (ANALYZE) public.trx_absensi")
    func count(_ sum: String) throws -> Int {
      let text = try #require(try bench.value("SELECT \(sum) FROM pg_stat_user_tables WHERE schemaname = 'public'"))
      return try #require(Int(text))
    }
    // Report this session's scans now, so that they are not counted later among those of the lanes.
    _ = try bench.session.query("SELECT pg_stat_force_next_flush()")
    let scans = try count("sum(seq_scan)")
    for day in 1...9 {
      let checkIn = Bahari_V1_CheckInRequest.with {
        ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = (Fishery.nip, "2026-01-0\(day)", "-5", "105")
      }
      let _: Bahari_V1_AbsensiReply = try await bench.call(checkIn, "Absensi", .checkIn)
    }
    // A connection reports its counters when it ends, at the latest.
    await bench.close()
    try await eventually("the count of nine new rows") {
      try count("sum(n_tup_ins) FILTER (WHERE relname = 'trx_absensi')") == 9
    }
    #expect(try count("sum(seq_scan)") == scans)
  }
}

import BahariClient
import BahariFrame
import Testing

@testable import BahariService

@Suite("Check-in and check-out", .serialized) struct AttendanceCallTests {
  @Test("a day from check-in to check-out, once each") func day() async throws {
    let bench = try await Fishery.bench("attendance_day")
    let checkIn = Bahari_V1_CheckInRequest.with {
      ($0.nip, $0.date, $0.ciLatitude, $0.ciLongitude) = ("1", "2026-01-01", "-5", "105")
      $0.checkin.seconds = 1_767_225_600
    }
    let begun: Bahari_V1_AbsensiReply = try await bench.call(checkIn, "Absensi", .checkIn)
    #expect(begun.data.status == "Masih Berjalan" && !begun.data.hasWorkingHours)
    let twice = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(checkIn, "Absensi", .checkIn)
    }
    #expect(twice?.metadata["response_code"] == "4090001" && twice?.violations.map(\.field) == ["nip"])
    var checkOut = Bahari_V1_CheckOutRequest.with {
      ($0.nip, $0.date) = ("1", "2026-01-01")
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
        Bahari_V1_CheckOutRequest.with { ($0.nip, $0.date) = ("1", "2026-01-02") }, "Absensi", .checkOut)
    }
    #expect(nobody?.metadata["response_code"] == "4040001")
    let faults = await #expect(throws: BahariFrame.Status.self) {
      let _: Bahari_V1_AbsensiReply = try await bench.call(
        Bahari_V1_CheckInRequest.with { $0.ciLatitude = "91" }, "Absensi", .checkIn)
    }
    #expect(Set(faults?.violations.map(\.field) ?? []) == ["nip", "date", "ci_latitude", "ci_longitude"])
    await bench.close()
  }
}

import BahariClient
import BahariFrame

/// Check-ins, each for another employee or day, with a request_id.
final class CheckIns: RowMaking {
  let methods: [Method]
  private(set) var made: MadeRows
  private let nips: [String]
  private let nip: UInt32
  private let date: UInt32
  private let requestID: UInt32
  /// Fields that are the same in every request, encoded.
  private let place: [UInt8]
  private let run = RequestID.random()
  private let writer = WireWriter()
  private var counter = 0
  /// The current day, in days since 1970.
  private var day: Int64
  /// The same day as YYYY-MM-DD.
  private var dayText: String

  /// - Parameters:
  ///   - nips: the numbers of the employees, who check in one after another, day by day.
  ///   - day: the first day, in days since 1970. No attendance exists from this day on.
  init(_ target: DescribedResource, _ method: Method, nips: [String], day: Int64) throws {
    guard let nip = method.input.field("nip"), let date = method.input.field("date"),
      let requestID = method.input.field("request_id")
    else { throw Failure(.unimplemented, "\(method.service)/\(method.name) takes no nip, date and request_id") }
    methods = [method]
    made = try MadeRows(method.output, target.row)
    (self.nip, self.date, self.requestID) = (nip.number, date.number, requestID.number)
    self.nips = nips
    var place = Record(method.input)
    place["ci_latitude"] = .text("-6.12")
    place["ci_longitude"] = .text("106.83")
    self.place = try place.encoded()
    self.day = day
    dayText = CheckIns.text(day)
  }

  private static func text(_ day: Int64) -> String {
    String(Timestamp(seconds: day * 86_400, nanoseconds: 0).text.prefix(10))
  }

  func next() -> LoadRequest? {
    if counter > 0, counter % nips.count == 0 {
      day += 1
      dayText = CheckIns.text(day)
    }
    writer.removeAll()
    writer.field(nip, string: nips[counter % nips.count])
    writer.field(date, string: dayText)
    place.withUnsafeBytes { writer.append($0) }
    writer.field(requestID, string: run + String(counter, radix: 36))
    counter += 1
    return LoadRequest(payload: writer.bytes)
  }

  func answered(_ tag: Int, _ payload: UnsafeRawBufferPointer) throws -> Bool { try made.add(payload) }
}

import BahariClient
import BahariFrame

/// A workload of CheckIn calls, each with a new request_id and for a different employee or day.
final class CheckIns: RowMaking {
  let methods: [Method]
  private(set) var made: MadeRows
  private let nips: [String]
  private let nip: UInt32
  private let date: UInt32
  private let requestID: UInt32
  /// The encoded latitude and longitude, which are the same in every request.
  private let place: [UInt8]
  private let run = RequestID.random()
  private let writer = WireWriter()
  private var counter = 0
  /// The day in the requests, in days since 1970; increased when every employee has checked in.
  private var day: Int64
  /// `day` as YYYY-MM-DD.
  private var dayText: String

  /// - Parameters:
  ///   - nips: the numbers of the employees. Each employee checks in once a day, in this order.
  ///   - day: the first day, in days since 1970. The table must have no attendance from this day on.
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

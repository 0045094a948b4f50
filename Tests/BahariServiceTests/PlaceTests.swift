import BahariClient
import BahariFrame
import Foundation
import TestSupport
import Testing

@testable import BahariService

@Suite("Lists around a point and in a box", .ownDatabases) struct PlaceTests {
  private static let seed: UInt64 = 17_2026

  private static func near(_ latitude: Double, _ longitude: Double, radius: Double? = nil) -> Bahari_V1_Near {
    .with {
      ($0.latitude, $0.longitude) = (latitude, longitude)
      if let radius { $0.radiusKm = radius }
    }
  }

  private static func box(_ south: Double, _ west: Double, _ north: Double, _ east: Double) -> Bahari_V1_Box {
    .with { ($0.south, $0.west, $0.north, $0.east) = (south, west, north, east) }
  }

  private static func list(
    _ bench: ServiceBench, _ body: (inout Bahari_V1_ListRequest) -> Void
  ) async throws -> Bahari_V1_ListDesaReply {
    try await bench.call(Bahari_V1_ListRequest.with(body), "Desa", .list)
  }

  /// Villages anywhere on earth, and some without coordinates.
  private static func bench(_ name: String, _ places: [(Double, Double)] = []) async throws -> ServiceBench {
    let bench = try await ServiceBench(name)
    try bench.session.execute("INSERT INTO public.mst_kecamatan (id, regency_id, name) VALUES (110101, 1101, 'A')")
    for (index, place) in places.enumerated() {
      try bench.session.query(
        """
        INSERT INTO public.mst_desa (id, district_id, name, latitude, longitude)
        VALUES ($1::int8, 110101, 'D', $2::float8, $3::float8)
        """,
        ["\(index + 1)", "\(place.0)", "\(place.1)"])
    }
    try bench.session.execute(
      """
      INSERT INTO public.mst_desa (id, district_id, name) VALUES (9001, 110101, 'D');
      INSERT INTO public.mst_desa (id, district_id, name, latitude, longitude)
        VALUES (9002, 110101, 'D', 'NaN', 1), (9003, 110101, 'D', 1, 'Infinity'), (9004, 110101, 'D', 91, 1);
      """)
    return bench
  }

  /// The angle between two directions from the earth's centre: another way than the one that is tested.
  private static func kilometres(_ a: (Double, Double), _ b: (Double, Double)) -> Double {
    func vector(_ place: (Double, Double)) -> [Double] {
      let (latitude, longitude) = (place.0 * .pi / 180, place.1 * .pi / 180)
      return [cos(latitude) * cos(longitude), cos(latitude) * sin(longitude), sin(latitude)]
    }
    let (u, v) = (vector(a), vector(b))
    let cross = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]]
    let dot = zip(u, v).map { $0 * $1 }.reduce(0, +)
    return 6371.0088 * atan2(sqrt(cross.map { $0 * $0 }.reduce(0, +)), dot)
  }

  @Test("nearest first and no further than the radius, on 100 random maps") func random() async throws {
    var random = Seeded(Self.seed)
    print("near and box: seed \(Self.seed)")
    let places = (0..<300).map { _ in
      (Double.random(in: -90...90, using: &random), Double.random(in: -180...180, using: &random))
    }
    let bench = try await Self.bench("places_random", places)
    for number in 1...100 {
      let point = (Double.random(in: -90...90, using: &random), Double.random(in: -180...180, using: &random))
      let radius = Bool.random(using: &random) ? Double.random(in: 1...20_100, using: &random) : nil
      let wanted = places.enumerated().map { (Int64($0 + 1), Self.kilometres(point, $1)) }
        .filter { $0.1 <= radius ?? .infinity }.sorted { $0.1 < $1.1 }
      var (ids, distances, page): ([Int64], [Double], Int32) = ([], [], 1)
      while true {
        let reply = try await Self.list(bench) {
          ($0.near, $0.limit, $0.page) = (Self.near(point.0, point.1, radius: radius), 100, page)
        }
        #expect(reply.distanceKm.count == reply.data.count && !reply.pagination.hasNextPageToken)
        #expect(reply.pagination.total == wanted.count)
        ids += reply.data.map(\.id)
        distances += reply.distanceKm
        page += 1
        if page > reply.pagination.totalPages { break }
      }
      #expect(ids == wanted.map(\.0), "case \(number) of seed \(Self.seed)")
      for (got, want) in zip(distances, wanted) { #expect(abs(got - want.1) < 1e-3) }
      let south = Double.random(in: -90...90, using: &random)
      let north = Double.random(in: south...90, using: &random)
      let (west, east) = (
        Double.random(in: -180...180, using: &random), Double.random(in: -180...180, using: &random)
      )
      let inside = places.enumerated().filter { _, place in
        (south...north).contains(place.0)
          && (west <= east ? (west...east).contains(place.1) : place.1 >= west || place.1 <= east)
      }.map { Int64($0.offset + 1) }
      let reply = try await Self.list(bench) {
        ($0.box, $0.limit, $0.sort) = (Self.box(south, west, north, east), 100, ["id"])
      }
      #expect(reply.data.map(\.id) == Array(inside.prefix(100)), "case \(number) of seed \(Self.seed)")
      #expect(reply.pagination.total == inside.count && reply.distanceKm.isEmpty)
    }
    await bench.close()
  }

  @Test("known distances, ties by id, poles, and points across the earth") func known() async throws {
    // Jakarta, Surabaya twice, the poles, the far side of Jakarta, both sides of the antimeridian.
    let places = [
      (-6.2, 106.8), (-7.25, 112.75), (-7.25, 112.75), (90.0, 0.0), (-90.0, 12.0), (6.2, -73.2), (0.0, 180.0),
      (0.0, -180.0), (0.0, 179.9), (0.0, -179.9),
    ]
    let bench = try await Self.bench("places_known", places)
    let all = try await Self.list(bench) { ($0.near, $0.limit) = (Self.near(-6.2, 106.8), 100) }
    #expect(all.data.count == places.count && all.data.prefix(3).map(\.id) == [1, 2, 3] && all.data.last?.id == 6)
    #expect(all.distanceKm[0] == 0 && all.distanceKm[1] == all.distanceKm[2])
    #expect((665...670).contains(all.distanceKm[1]) && (20_015...20_016).contains(all.distanceKm[9]))
    let beside = try await Self.list(bench) { $0.near = Self.near(0, 179.95, radius: 6) }
    #expect(Set(beside.data.map(\.id)) == [7, 8, 9] && beside.distanceKm.allSatisfy { (5.5...5.6).contains($0) })
    let across = try await Self.list(bench) { ($0.box, $0.sort) = (Self.box(0, 179, 0, -179), ["id"]) }
    #expect(across.data.map(\.id) == [7, 8, 9, 10])
    let searched = try await Self.list(bench) {
      ($0.near, $0.box, $0.search) = (Self.near(0, 0), Self.box(-10, 100, 0, 120), "d")
      ($0.count, $0.limit) = (.none, 2)
      $0.filter = .with { ($0.field, $0.operator, $0.values) = ("id", "ne", ["2"]) }
    }
    #expect(searched.data.map(\.id) == [1, 3] && !searched.pagination.hasTotal)
    await bench.close()
  }

  @Test("an export around a point brings distances too") func export() async throws {
    let bench = try await Self.bench("places_export", [(1, 1), (3, 3), (2, 2)])
    let running = try await bench.start(
      Bahari_V1_ListRequest.with { $0.near = Self.near(0, 0) }, "Desa", .export)
    guard case .reply(let bytes) = try await running.inbox.next() else {
      Issue.record("no rows")
      return
    }
    let reply = try Bahari_V1_ListDesaReply(serializedBytes: bytes)
    #expect(reply.data.map(\.id) == [1, 3, 2] && reply.distanceKm.count == 3)
    #expect(reply.distanceKm == reply.distanceKm.sorted())
    await bench.close()
  }

  @Test("a box goes on by token") func boxTokens() async throws {
    let bench = try await Self.bench("places_tokens", (1...30).map { (Double($0), Double($0 % 3)) })
    var (seen, token): ([Int64], String?) = ([], nil)
    repeat {
      let page = try await bench.ids("Desa") {
        ($0.box, $0.sort, $0.limit) = (Self.box(5, 0, 25, 1), ["-longitude"], 4)
        if let token { $0.pageToken = token }
      }
      seen += page.ids
      token = page.next
    } while token != nil
    let wanted = (5...25).filter { $0 % 3 < 2 }.map { Int64($0) }
    #expect(seen == wanted.filter { $0 % 3 == 1 }.reversed() + wanted.filter { $0 % 3 == 0 }.reversed())
    let other = try await bench.ids("Desa") { ($0.box, $0.limit) = (Self.box(5, 0, 25, 1), 4) }
    let status = await #expect(throws: Status.self) {
      _ = try await bench.ids("Desa") { ($0.box, $0.pageToken) = (Self.box(5, 0, 26, 1), other.next ?? "") }
    }
    #expect(status?.violations.map(\.field) == ["page_token"])
    await bench.close()
  }

  @Test("faults name their fields") func faults() async throws {
    func fields(_ entity: String, _ body: (inout Bahari_V1_ListRequest) -> Void) async throws -> [String] {
      let resource = try await BoundTables.resource(entity)
      let status = #expect(throws: Status.self) {
        let list = try request(Bahari_V1_ListRequest.with(body), entity, "List")
        _ = try ListQuery(list, resource, resource.standard, order: resource.order)
      }
      #expect(status?.code == .invalidArgument)
      return status?.violations.map(\.field) ?? []
    }
    #expect(try await fields("Desa") { $0.near = .init() } == ["near.latitude", "near.longitude"])
    #expect(
      try await fields("Desa") { $0.near = Self.near(91, -181, radius: 0) }
        == ["near.latitude", "near.longitude", "near.radius_km"])
    for radius in [-1, .nan, .infinity] as [Double] {
      #expect(try await fields("Desa") { $0.near = Self.near(0, 0, radius: radius) } == ["near.radius_km"])
    }
    #expect(try await fields("Desa") { $0.near = Self.near(.nan, 0) } == ["near.latitude"])
    #expect(try await fields("Desa") { ($0.near, $0.sort) = (Self.near(0, 0), ["name"]) } == ["sort"])
    #expect(try await fields("Desa") { ($0.near, $0.pageToken) = (Self.near(0, 0), "00") } == ["page_token"])
    #expect(try await fields("Desa") { $0.box = .init() } == ["box.south", "box.west", "box.north", "box.east"])
    #expect(try await fields("Desa") { $0.box = Self.box(-91, -181, 91, 181) }.count == 4)
    #expect(try await fields("Desa") { $0.box = Self.box(2, 0, 1, 0) } == ["box.south"])
    for entity in ["Pegawai", "Upt", "Absensi", "Kapal", "Bantuan"] {
      #expect(try await fields(entity) { $0.near = Self.near(0, 0) } == ["near"])
      #expect(try await fields(entity) { $0.box = Self.box(0, 0, 1, 1) } == ["box"])
    }
  }

  @Test(
    "every table with coordinates serves both",
    arguments: [
      "Provinsi", "Kabupaten", "Kecamatan", "Desa", "KelompokNelayan", "ProduksiHasilTangkapan",
    ])
  func tables(entity: String) async throws {
    let regions = """
      INSERT INTO public.mst_provinsi (id, name) VALUES (11, 'ACEH');
      INSERT INTO public.mst_kabupaten (id, province_id, name) VALUES (1101, 11, 'ACEH SELATAN');
      """
    let bench = try await ServiceBench("places_\(entity.lowercased())", sql: regions)
    // NULL coordinates, and those that defaulted to 0, are none.
    let near = try await bench.ids(entity) { $0.near = Self.near(-6, 106) }
    #expect(near.ids.isEmpty && near.pagination.total == 0)
    let box = try await bench.ids(entity) { $0.box = Self.box(-90, -180, 90, 180) }
    #expect(box.ids.isEmpty)
    await bench.close()
  }
}

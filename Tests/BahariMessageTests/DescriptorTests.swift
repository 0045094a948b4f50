import BahariCatalog
import Testing

@testable import BahariMessage

@Suite("Descriptors") struct DescriptorTests {
  @Test("every table of the catalog has its service with all methods", arguments: Catalog.tables.map(\.entity))
  func services(entity: String) throws {
    let service = try #require(Descriptors.service("bahari.v1.\(entity)Service"))
    var expected = [
      "Get": ("GetRequest", "\(entity)Reply"), "List": ("ListRequest", "List\(entity)Reply"),
      "Create": ("Create\(entity)Request", "\(entity)Reply"), "Update": ("Update\(entity)Request", "\(entity)Reply"),
      "Delete": ("DeleteRequest", "\(entity)Reply"), "BatchUpsert": ("BatchUpsert\(entity)Request", "BatchReply"),
      "Export": ("ListRequest", "List\(entity)Reply"),
    ]
    if entity == "Desa" { expected["ListWithRelations"] = ("ListRequest", "ListDesaReply") }
    if entity == "Absensi" {
      expected["CheckIn"] = ("CheckInRequest", "AbsensiReply")
      expected["CheckOut"] = ("CheckOutRequest", "AbsensiReply")
    }
    let reports = [
      "ProduksiHasilTangkapan": ["Report": "ProduksiReport"],
      "Bantuan": ["Report": "BantuanReport", "Coverage": "BantuanCoverage"],
      "Sertifikasi": ["Expiring": "SertifikasiExpiring"], "Pelatihan": ["Schedule": "PelatihanSchedule"],
      "Absensi": ["Recap": "AbsensiRecap"], "KelompokNelayan": ["Profile": "KelompokNelayanProfile"],
    ]
    for (name, messages) in reports[entity] ?? [:] { expected[name] = ("\(messages)Request", "\(messages)Reply") }
    #expect(Set(service.methods.map(\.name)) == Set(expected.keys))
    for (name, types) in expected {
      let method = try #require(service.method(name))
      #expect(method.input.name == "bahari.v1.\(types.0)")
      #expect(method.output.name == "bahari.v1.\(types.1)")
    }
    #expect(service.method("get") == nil)
    let table = try #require(Catalog.tables.first { $0.entity == entity })
    #expect(table.rowDescriptor?.name == "bahari.v1.\(entity)")
  }

  @Test("the services that belong to no table") func others() throws {
    #expect(Descriptors.services.count == Catalog.tables.count + 3)
    #expect(
      Descriptors.service("grpc.health.v1.Health")?.method("Check")?.output.name == "grpc.health.v1.HealthCheckResponse"
    )
    #expect(Descriptors.service("bahari.v1.DescriptorService")?.method("Get") != nil)
    #expect(Descriptors.service("bahari.v1.StatsService")?.method("Get") != nil)
    #expect(Descriptors.service("bahari.v1.Desa") == nil)
    #expect(Descriptors.service("") == nil)
  }

  /// Clients depend on the names, numbers and types of these fields.
  @Test("the fields of a row") func row() throws {
    let desa = try #require(Descriptors.service("bahari.v1.DesaService")?.method("Get")?.output.field("data")?.message)
    let fields = desa.fields.map { "\($0.number) \($0.name) \($0.kind)\($0.isRepeated ? " repeated" : "")" }
    #expect(
      fields == [
        "1 id int64", "2 district_id int64", "3 name string", "4 alt_name string", "5 latitude double",
        "6 longitude double", "90 version string", "100 district_name string", "101 regency_name string",
        "102 province_name string",
      ])
    #expect(desa.field("name")?.number == 3)
    #expect(desa.field("Name") == nil)
    #expect(desa.field(number: 90)?.name == "version")
    for number: UInt32 in [0, 7, 89, 91, 99, 103, 39_000, .max] { #expect(desa.field(number: number) == nil) }
  }

  @Test("the kinds of fields, and the types of message fields") func kinds() throws {
    let method = try #require(Descriptors.service("bahari.v1.ProvinsiService")?.method("BatchUpsert"))
    let request = method.input
    let fields = request.fields.map { "\($0.name) \($0.kind)\($0.isRepeated ? " repeated" : "")" }
    #expect(
      fields == [
        "data message repeated", "update_mask message", "on_error enumeration", "request_id string", "dry_run bool",
      ])
    #expect(request.field("data")?.message?.name == "bahari.v1.Provinsi")
    #expect(request.field("update_mask")?.message?.name == "google.protobuf.FieldMask")
    #expect(request.field("request_id")?.message == nil)
    #expect(request.field("data")?.message?.field("id")?.kind == .int32)
    let onError = try #require(request.field("on_error"))
    #expect([-1, 0, 1, 2, 100].map(onError.isDefined) == [false, true, true, false, false])
    #expect(request.field("dry_run")?.isDefined(0) == false, "only enumerations have values")
    #expect(FieldKind.allKinds.filter(\.isLengthDelimited) == [.string, .bytes, .message])
  }

  @Test("a filter is its own type") func recursive() throws {
    let filter = try #require(
      Descriptors.service("bahari.v1.DesaService")?.method("List")?.input.field("filter")?.message)
    #expect(filter.field("not")?.message == filter)
    #expect(filter.field("all")?.message == filter)
    #expect(filter.field("all")?.isRepeated == true)
  }

  @Test("the descriptor set has the .proto files with their imports") func fileDescriptorSet() {
    let bytes = Descriptors.withFileDescriptorSet { Array($0) }
    #expect(bytes.count > 1_000)
    let text = String(decoding: bytes, as: UTF8.self)
    for name in ["bahari/v1/wilayah.proto", "google/protobuf/field_mask.proto", "DesaService"] {
      #expect(text.contains(name))
    }
  }
}

extension FieldKind {
  fileprivate static let allKinds: [FieldKind] = [
    .int32, .int64, .double, .bool, .enumeration, .string, .bytes, .message,
  ]
}

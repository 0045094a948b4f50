import BahariMessage

extension MessageDescriptor {
  /// A field that requests are built on; the daemon does not start where the .proto has lost it.
  func required(_ name: String) -> FieldDescriptor {
    guard let field = field(name) else { preconditionFailure("\(self.name) has no field \(name)") }
    return field
  }

  /// The type of a message field that requests are built on.
  func requiredMessage(_ name: String) -> MessageDescriptor {
    guard let message = required(name).message else { preconditionFailure("\(self.name).\(name) is no message") }
    return message
  }
}

/// The fields of a GetRequest.
struct GetFields: Sendable {
  let id, column, value, fields: FieldDescriptor

  init(_ request: MessageDescriptor) {
    (id, column) = (request.required("id"), request.required("column"))
    (value, fields) = (request.required("value"), request.required("fields"))
  }
}

/// The fields of a ListRequest and of the messages in it.
struct ListFields: Sendable {
  let page, limit, pageToken, search, filter, sort, fields, count, near, box: FieldDescriptor
  let filters: FilterFields
  let nearParts: NearFields
  let boxParts: BoxFields

  init(_ request: MessageDescriptor) {
    (page, limit, pageToken) = (request.required("page"), request.required("limit"), request.required("page_token"))
    (search, filter, sort) = (request.required("search"), request.required("filter"), request.required("sort"))
    (fields, count) = (request.required("fields"), request.required("count"))
    (near, box) = (request.required("near"), request.required("box"))
    filters = FilterFields(request.requiredMessage("filter"))
    nearParts = NearFields(request.requiredMessage("near"))
    boxParts = BoxFields(request.requiredMessage("box"))
  }
}

/// The fields of a Filter.
struct FilterFields: Sendable {
  let field, `operator`, values, all, any, not: FieldDescriptor

  init(_ filter: MessageDescriptor) {
    (field, self.operator, values) = (filter.required("field"), filter.required("operator"), filter.required("values"))
    (all, any, not) = (filter.required("all"), filter.required("any"), filter.required("not"))
  }
}

/// The fields of a Near.
struct NearFields: Sendable {
  let latitude, longitude, radius: FieldDescriptor

  init(_ near: MessageDescriptor) {
    (latitude, longitude) = (near.required("latitude"), near.required("longitude"))
    radius = near.required("radius_km")
  }
}

/// The fields of a Box.
struct BoxFields: Sendable {
  let south, west, north, east: FieldDescriptor

  init(_ box: MessageDescriptor) {
    (south, west) = (box.required("south"), box.required("west"))
    (north, east) = (box.required("north"), box.required("east"))
  }
}

/// The fields that every write has.
struct WriteFields: Sendable {
  let requestID, dryRun: FieldDescriptor

  init(_ request: MessageDescriptor) {
    (requestID, dryRun) = (request.required("request_id"), request.required("dry_run"))
  }
}

/// A field of type google.protobuf.FieldMask, and its paths.
struct MaskFields: Sendable {
  let mask, paths: FieldDescriptor

  init(_ request: MessageDescriptor) {
    mask = request.required("update_mask")
    paths = request.requiredMessage("update_mask").required("paths")
  }
}

extension Message {
  func isSet(_ flag: FieldDescriptor) -> Bool { has(flag) && bool(flag) }
}

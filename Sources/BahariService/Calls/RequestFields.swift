import BahariMessage

extension MessageDescriptor {
  /// The field with this name. Stops the process if the .proto files do not declare the field: the code relies on it.
  func required(_ name: String) -> FieldDescriptor {
    guard let field = field(name) else { preconditionFailure("\(self.name) has no field \(name)") }
    return field
  }

  /// The message type of the field with this name. Stops the process if there is no such field or it holds no message.
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

/// The fields of a ListRequest, and of the messages Filter, Near and Box in it.
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

/// The fields of the message Filter in a ListRequest.
struct FilterFields: Sendable {
  let field, `operator`, values, all, any, not: FieldDescriptor

  init(_ filter: MessageDescriptor) {
    (field, self.operator, values) = (filter.required("field"), filter.required("operator"), filter.required("values"))
    (all, any, not) = (filter.required("all"), filter.required("any"), filter.required("not"))
  }
}

/// The fields of the message Near in a ListRequest.
struct NearFields: Sendable {
  let latitude, longitude, radius: FieldDescriptor

  init(_ near: MessageDescriptor) {
    (latitude, longitude) = (near.required("latitude"), near.required("longitude"))
    radius = near.required("radius_km")
  }
}

/// The fields of the message Box in a ListRequest.
struct BoxFields: Sendable {
  let south, west, north, east: FieldDescriptor

  init(_ box: MessageDescriptor) {
    (south, west) = (box.required("south"), box.required("west"))
    (north, east) = (box.required("north"), box.required("east"))
  }
}

/// The fields that the requests of all writing methods have.
struct WriteFields: Sendable {
  let requestID, dryRun: FieldDescriptor

  init(_ request: MessageDescriptor) {
    (requestID, dryRun) = (request.required("request_id"), request.required("dry_run"))
  }
}

/// A request's field `update_mask`, which is a google.protobuf.FieldMask, and the field `paths` in it.
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

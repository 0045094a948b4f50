import BahariMessage

/// The fields of the requests that all tables share, looked up once.
struct RequestFields: Sendable {
  let id, column, value, fields: FieldDescriptor
  let page, limit, pageToken, search, filter, sort, listFields, count: FieldDescriptor
  let near, box: FieldDescriptor
  let field, `operator`, values, all, any, not: FieldDescriptor
  let deleteID, deleteVersion, deleteRequestID, deleteDryRun, cascade: FieldDescriptor

  /// Nil when the .proto has lost one of them; told when the daemon starts.
  init?() {
    guard let service = Descriptors.services.first(where: { $0.method("Export") != nil }),
      let get = service.method("Get")?.input, let list = service.method("List")?.input,
      let delete = service.method("Delete")?.input, let filterField = list.field("filter"),
      let filter = filterField.message,
      let id = get.field("id"), let column = get.field("column"), let value = get.field("value"),
      let fields = get.field("fields"), let page = list.field("page"), let limit = list.field("limit"),
      let pageToken = list.field("page_token"), let search = list.field("search"), let sort = list.field("sort"),
      let listFields = list.field("fields"), let count = list.field("count"), let near = list.field("near"),
      let box = list.field("box"), let field = filter.field("field"),
      let comparison = filter.field("operator"), let values = filter.field("values"), let all = filter.field("all"),
      let any = filter.field("any"), let not = filter.field("not"), let deleteID = delete.field("id"),
      let deleteVersion = delete.field("version"), let deleteRequestID = delete.field("request_id"),
      let deleteDryRun = delete.field("dry_run"), let cascade = delete.field("cascade")
    else { return nil }
    (self.id, self.column, self.value, self.fields) = (id, column, value, fields)
    (self.page, self.limit, self.pageToken, self.search) = (page, limit, pageToken, search)
    (self.filter, self.sort, self.listFields, self.count) = (filterField, sort, listFields, count)
    (self.near, self.box) = (near, box)
    (self.field, self.operator, self.values) = (field, comparison, values)
    (self.all, self.any, self.not) = (all, any, not)
    (self.deleteID, self.deleteVersion, self.deleteRequestID) = (deleteID, deleteVersion, deleteRequestID)
    (self.deleteDryRun, self.cascade) = (deleteDryRun, cascade)
  }

  static let shared: RequestFields = {
    guard let fields = RequestFields() else { preconditionFailure("common.proto lacks a field that requests need") }
    return fields
  }()
}

extension Message {
  /// A text field that the message has under this name, nil where absent.
  func string(named name: String) -> String? { descriptor.field(name).flatMap { string($0) } }

  func flag(named name: String) -> Bool { descriptor.field(name).map { has($0) && bool($0) } ?? false }

  func message(named name: String) -> Message? { descriptor.field(name).flatMap { message($0) } }
}

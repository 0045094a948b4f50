/// A request for rows; see `Proto/bahari/v1/common.proto`.
public typealias ListRequest = Bahari_V1_ListRequest

/// A condition on rows; see `Proto/bahari/v1/common.proto`. At most 8 levels deep, with 200 comparisons.
///
///     .field("ukuran_gt", .gte, 30) && !.field("status_kapal", .in, "Perbaikan", "Tidak Aktif")
public typealias Filter = Bahari_V1_Filter

extension Bahari_V1_Filter {
  /// Compares a column: `.field("ukuran_gt", .gte, 30)`, `.field("date", .between, "2026-01-01", "2026-12-31")`.
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - comparison: the operator.
  ///   - values: numbers, or text in the form of the column's type.
  public static func field(
    _ name: String, _ comparison: Comparison, _ values: any LosslessStringConvertible...
  ) -> Filter {
    field(name, comparison, values: values.map(\.description))
  }

  /// Compares a column with the values of a sequence.
  public static func field(
    _ name: String, _ comparison: Comparison, values: some Sequence<some LosslessStringConvertible>
  ) -> Filter {
    .with {
      $0.field = name
      $0.operator = comparison.rawValue
      $0.values = values.map(\.description)
      if comparison == .isNull, $0.values.isEmpty { $0.values = ["true"] }
    }
  }

  /// Selects the rows that all of the filters select.
  public static func all(of filters: [Filter]) -> Filter { .with { $0.all = filters } }

  /// Selects the rows that at least one of the filters selects.
  public static func any(of filters: [Filter]) -> Filter { .with { $0.any = filters } }

  public static func && (left: Filter, right: Filter) -> Filter { .all(of: [left, right]) }

  public static func || (left: Filter, right: Filter) -> Filter { .any(of: [left, right]) }

  public static prefix func ! (filter: Filter) -> Filter { .with { $0.not = filter } }
}

extension Bahari_V1_ListRequest {
  /// A request for the rows of a filter: `.where(.field("district_id", .eq, 110101), sort: ["-name"])`.
  ///
  /// - Parameters:
  ///   - filter: the condition.
  ///   - search: part of a text in any of the table's search columns, in upper or lower case; 200 characters at most.
  ///   - sort: at most 8 columns, descending with a leading `-`; rows that are equal in them follow by id.
  ///   - fields: the columns to return; all when empty.
  ///   - limit: rows of a page, 1 to 100; 10 when nil.
  ///   - count: how the total is counted; exactly when nil.
  public static func `where`(
    _ filter: Filter? = nil, search: String? = nil, sort: [String] = [], fields: [String] = [], limit: Int? = nil,
    count: Count? = nil
  ) -> ListRequest {
    .with {
      if let filter { $0.filter = filter }
      if let search { $0.search = search }
      $0.sort = sort
      $0.fields = fields
      if let limit { $0.limit = Int32(clamping: limit) }
      if let count { $0.count = count }
    }
  }
}

/// A request for the rows of a table: filter, order, columns and page; see `Proto/bahari/v1/common.proto`.
public typealias ListRequest = Bahari_V1_ListRequest

/// A condition on rows, with at most 8 nested levels and 200 comparisons; see `Proto/bahari/v1/common.proto`.
///
///     .field("ukuran_gt", .gte, 30) && !.field("status_kapal", .in, "Perbaikan", "Tidak Aktif")
public typealias Filter = Bahari_V1_Filter

extension Bahari_V1_Filter {
  /// Returns a filter that compares a column with values.
  ///
  ///     .field("ukuran_gt", .gte, 30)
  ///     .field("date", .between, "2026-01-01", "2026-12-31")
  ///
  /// - Parameters:
  ///   - name: the column's name.
  ///   - comparison: the operator.
  ///   - values: as many values as the operator takes: numbers, or text as PostgreSQL writes the column's type.
  public static func field(
    _ name: String, _ comparison: Comparison, _ values: any LosslessStringConvertible...
  ) -> Filter {
    field(name, comparison, values: values.map(\.description))
  }

  /// Returns a filter that compares a column with the values of a sequence.
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

  /// Returns a filter that selects the rows that all of `filters` select.
  public static func all(of filters: [Filter]) -> Filter { .with { $0.all = filters } }

  /// Returns a filter that selects the rows that at least one of `filters` selects.
  public static func any(of filters: [Filter]) -> Filter { .with { $0.any = filters } }

  public static func && (left: Filter, right: Filter) -> Filter { .all(of: [left, right]) }

  public static func || (left: Filter, right: Filter) -> Filter { .any(of: [left, right]) }

  public static prefix func ! (filter: Filter) -> Filter { .with { $0.not = filter } }
}

extension Bahari_V1_ListRequest {
  /// Returns a request for the rows that a filter selects.
  ///
  ///     .where(.field("district_id", .eq, 110101), sort: ["-name"])
  ///
  /// - Parameters:
  ///   - filter: selects the rows; all rows if nil.
  ///   - search: a text that one of the table's search columns must contain, ignoring case; at most 200 characters.
  ///   - sort: at most 8 columns to order by, descending with a leading `-`; rows with equal values are ordered by id.
  ///   - fields: the columns to return; all columns if empty.
  ///   - limit: the number of rows per page, 1 to 100; 10 if nil.
  ///   - count: how the total number of rows is counted; exactly if nil.
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

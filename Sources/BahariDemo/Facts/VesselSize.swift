/// Classes of vessels by gross tonnage, as in fisheries statistics.
enum VesselSize: CaseIterable {
  case under5, from5, from10, from30

  /// Picks a random class. Classes of small vessels are the most frequent.
  static func pick(_ dice: inout Dice) -> VesselSize {
    switch dice.below(100) {
    case ..<62: .under5
    case ..<82: .from5
    case ..<96: .from10
    default: .from30
    }
  }

  /// The range of the vessels' gross tonnage, in hundredths.
  var tonnage: Range<Int> {
    switch self {
    case .under5: 50..<500
    case .from5: 500..<1_000
    case .from10: 1_000..<3_000
    case .from30: 3_000..<20_000
    }
  }

  /// The range of a vessel's catch in one voyage, in kilograms.
  var haul: Range<Int> {
    switch self {
    case .under5: 15..<250
    case .from5: 80..<1_200
    case .from10: 400..<6_000
    case .from30: 2_000..<25_000
    }
  }

  /// The range of the vessels' lengths, in hundredths of a metre.
  var length: Range<Int> {
    switch self {
    case .under5: 500..<1_100
    case .from5: 1_000..<1_500
    case .from10: 1_400..<2_200
    case .from30: 2_100..<4_000
    }
  }

  /// The value of the vessel's column jenis_kapal.
  var kind: String {
    switch self {
    case .under5: "Perahu"
    case .from5, .from10: "Motor"
    case .from30: "Kapal Besar"
    }
  }
}

/// An invented person. The sex and birth date are also part of the person's numbers NIP and NIK.
struct Person {
  let name: String
  let isWoman: Bool
  let born: Day

  private static let men = [
    "Abdul", "Agus", "Ahmad", "Andi", "Bambang", "Budi", "Dedi", "Eko", "Hasan", "Hendra", "I Made", "Irwan", "Joko",
    "La Ode", "Muhammad", "Rahmat", "Ridwan", "Slamet", "Sutrisno", "Yohanes", "Yusuf", "Zainal",
  ]
  private static let women = [
    "Ani", "Dewi", "Dian", "Endang", "Fitri", "Indah", "Kartini", "Lestari", "Maria", "Ni Luh", "Nur", "Putri", "Ratna",
    "Rina", "Siti", "Sri", "Wahyuni", "Wa Ode", "Yuliana",
  ]
  private static let last = [
    "Anwar", "Daeng", "Gunawan", "Hakim", "Halim", "Handayani", "Hidayat", "Iskandar", "Kurniawan", "Latuconsina",
    "Manurung", "Mansyur", "Nasution", "Nugroho", "Pattiasina", "Pratama", "Rumbiak", "Saputra", "Setiawan", "Siregar",
    "Suharto", "Syahputra", "Tambunan", "Usman", "Wijaya", "Wibowo", "Yulianto", "Ma'ruf",
  ]

  init(bornIn years: ClosedRange<Int>, womenPercent: Int, _ dice: inout Dice) {
    isWoman = dice.isTrue(percent: womenPercent)
    name = dice.pick(isWoman ? Person.women : Person.men) + " " + dice.pick(Person.last)
    born = Day(years.lowerBound + dice.below(years.count), 1 + dice.below(12), 1 + dice.below(28))
  }

  var sex: String { isWoman ? "P" : "L" }

  /// Returns the person's civil servant's number (NIP): birth date, month of appointment, sex, and `number`, which must
  /// be below 1,000.
  func nip(appointed: Day, _ number: Int) -> String {
    let (year, month, day) = born.date
    let start = appointed.date
    return digits(year, 4) + digits(month, 2) + digits(day, 2) + digits(start.year, 4) + digits(start.month, 2)
      + (isWoman ? "2" : "1") + digits(number, 3)
  }

  /// Returns a citizen's number (NIK) for the person: the district's id, the birth date with 40 added to the day for
  /// women, and four random digits.
  func nik(district: Int64, _ dice: inout Dice) -> String {
    let (year, month, day) = born.date
    return digits(Int(district), 6) + digits(isWoman ? day + 40 : day, 2) + digits(month, 2) + digits(year % 100, 2)
      + digits(1 + dice.below(9_999), 4)
  }

  static func phone(_ dice: inout Dice) -> String {
    dice.pick(["0811", "0812", "0813", "0821", "0852", "0853"]) + digits(dice.below(100_000_000), 8)
  }
}

/// Invented names that resemble those of places in Indonesia.
enum Names {
  private static let first = [
    "Air", "Batu", "Bukit", "Gunung", "Kampung", "Karang", "Kuala", "Lubuk", "Muara", "Padang", "Pasir", "Pulau",
    "Rantau", "Suka", "Sumber", "Sungai", "Tanjung", "Teluk", "Ujung",
  ]
  private static let last = [
    "Barat", "Baru", "Besar", "Hilir", "Hulu", "I", "II", "III", "Indah", "Jaya", "Kecil", "Laut", "Lama", "Makmur",
    "Mulya", "Selatan", "Tengah", "Timur", "Utara",
  ]
  private static let onsets = [
    "b", "b", "c", "d", "g", "h", "j", "k", "k", "l", "l", "m", "m", "n", "ng", "p", "p", "r", "r", "s", "s", "t", "t",
    "w", "y",
  ]
  private static let vowels = ["a", "a", "a", "a", "e", "i", "i", "o", "u", "u"]
  private static let ends = ["", "", "", "", "h", "k", "m", "n", "n", "ng", "ng", "r", "s", "t"]

  static func place(_ dice: inout Dice) -> String {
    var parts = [word(&dice)]
    if dice.isTrue(percent: 50) { parts.insert(dice.pick(first), at: 0) }
    if dice.isTrue(percent: 35) { parts.append(dice.pick(last)) }
    return parts.joined(separator: " ")
  }

  private static func word(_ dice: inout Dice) -> String {
    // A few names have an apostrophe, such as Ba'u. Real names in Indonesia have it too, so programs must handle it.
    let broken = dice.isTrue(percent: 2)
    let count = dice.isTrue(percent: 30) ? 3 : 2
    var word = ""
    for number in 1...count {
      let isLast = number == count
      word += isLast && broken ? "'" : dice.pick(onsets)
      // A few names have an accent, such as Pelé, so that the data are not only ASCII.
      let vowel = dice.pick(vowels)
      word += vowel == "e" && dice.isTrue(percent: 5) ? "é" : vowel
      if isLast { word += dice.pick(ends) }
    }
    return word.prefix(1).uppercased() + word.dropFirst()
  }
}

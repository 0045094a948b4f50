/// A JSON value. Numbers keep their text, so that no digit of a 64-bit number is lost.
indirect enum JSON: Equatable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  struct Member: Equatable {
    var name: String
    var value: JSON
  }
}

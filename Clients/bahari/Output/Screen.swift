import Glibc

/// The destination of tables and messages: a terminal with a width and colours, or a file or pipe with neither.
struct Screen {
  /// The width in characters; nil if it is unlimited.
  var width: Int?
  var isColoured = false

  static let plain = Screen()

  /// The screen for standard output.
  static var output: Screen { Screen(STDOUT_FILENO) }
  /// The screen for standard error.
  static var messages: Screen { Screen(STDERR_FILENO) }

  private init() {}

  init(width: Int?, isColoured: Bool = false) {
    self.width = width
    self.isColoured = isColoured
  }

  private init(_ descriptor: Int32) {
    guard isatty(descriptor) == 1 else { return }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    width = isKnown ? Int(size.ws_col) : Screen.environment("COLUMNS").flatMap(Int.init) ?? 80
    // The variable NO_COLOR turns colours off: https://no-color.org
    isColoured = (Screen.environment("NO_COLOR") ?? "").isEmpty && Screen.environment("TERM") != "dumb"
  }

  /// The same screen with unlimited width, so that tables are not cut.
  var uncut: Screen { Screen(width: nil, isColoured: isColoured) }

  static func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

  func dim(_ text: String) -> String { escaped(text, "2") }
  func bold(_ text: String) -> String { escaped(text, "1") }
  func red(_ text: String) -> String { escaped(text, "1;31") }

  private func escaped(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}

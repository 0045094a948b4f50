import Glibc

/// A program that ends before it has read its input must not end the tests.
package enum BrokenPipes {
  /// Makes writing to one an error instead of a signal, for the whole process. Read it before a program is run.
  package static let areErrors: Void = { _ = signal(SIGPIPE, SIG_IGN) }()
}

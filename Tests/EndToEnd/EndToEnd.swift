import Testing

/// The real daemon, the real CLI, a real PostgreSQL.
///
/// One test after the other: some watch the daemon's memory and processor time, and all of them share two
/// programs and a cluster with whatever else the machine does.
@Suite(.serialized) enum EndToEnd {}

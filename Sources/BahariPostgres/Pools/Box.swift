/// Carries a value that belongs to a shard through a continuation that resumes on the same shard.
///
/// `@unchecked Sendable`: only functions isolated to that shard make one and read its content.
struct Box<Content>: @unchecked Sendable {
  let content: Content

  init(_ content: Content) { self.content = content }
}

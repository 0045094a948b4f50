enum Version4 {
  /// The request log: answered writes by user, method and request id. A row is written in the transaction of the logged
  /// write and kept for at least a day, so that a repeated request gets the first reply and writes nothing.
  static let requestLog = SchemaVersion(
    number: 4, name: "request_log",
    statements: [
      """
      CREATE TABLE bahari.request_log (
        uid bigint NOT NULL,
        service text NOT NULL,
        method text NOT NULL,
        request_id text NOT NULL,
        payload_hash bytea NOT NULL,
        -- The row that was written, each value as text in the order of the message's fields.
        reply_row text[],
        -- What no row tells of the reply: its warnings, or a batch's whole reply.
        reply bytea NOT NULL,
        created_at timestamp with time zone NOT NULL DEFAULT now(),
        CONSTRAINT request_log_pkey PRIMARY KEY (uid, service, method, request_id)
      )
      """,
      "CREATE INDEX idx_request_log_created_at ON bahari.request_log (created_at)",
    ])
}

/** Who calls: a person's browser with a session, or a program with an API key. */
export type Caller =
  | { kind: 'browser'; sessionHash: string; expiresAt: number }
  | { kind: 'api_key'; apiKeyId: string };

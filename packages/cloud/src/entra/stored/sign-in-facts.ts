/** How a person proved who they are, in the words of the `amr` claim (RFC 8176). */
export type AuthenticationMethod = 'pwd' | 'mfa';

/** The sign-in that a session, and every grant that came of it, rests on. */
export interface SignInFacts {
  sessionId: string;
  /** Epoch milliseconds. */
  signedInAt: number;
  methods: readonly AuthenticationMethod[];
}

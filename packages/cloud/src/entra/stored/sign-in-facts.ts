import { isNumber, isText, listOf, oneOf } from '../../ground/read-row.ts';

/** How a person proved who they are, in the words of the `amr` claim (RFC 8176). */
export type AuthenticationMethod = 'pwd' | 'mfa';

/** The sign-in that a session, and every grant that came of it, rests on. */
export interface SignInFacts {
  sessionId: string;
  /** Epoch milliseconds. */
  signedInAt: number;
  methods: readonly AuthenticationMethod[];
}

/** Its fields as they are stored. */
export const signInFactFields = {
  sessionId: isText,
  signedInAt: isNumber,
  methods: listOf(oneOf<AuthenticationMethod>('pwd', 'mfa')),
};

import { numberField, type StoredFields, textField, textsField } from './stored-fields.ts';

/** How a person proved who they are, in the words of the `amr` claim (RFC 8176). */
export type AuthenticationMethod = 'pwd' | 'mfa';

/** The sign-in that a session, and every grant that came of it, rests on. */
export interface SignInFacts {
  sessionId: string;
  /** Epoch milliseconds. */
  signedInAt: number;
  methods: readonly AuthenticationMethod[];
}

/** Reads what `JSON.stringify` made of it. */
export function readSignInFacts(fields: StoredFields): SignInFacts {
  return {
    sessionId: textField(fields, 'sessionId'),
    signedInAt: numberField(fields, 'signedInAt'),
    methods: readMethods(fields),
  };
}

function readMethods(fields: StoredFields): AuthenticationMethod[] {
  return textsField(fields, 'methods').map((method) => (method === 'mfa' ? 'mfa' : 'pwd'));
}

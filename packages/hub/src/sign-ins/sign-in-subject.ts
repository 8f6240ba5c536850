import type { HubContext } from '../hub-context.ts';
import type { AuthorizationCallback, AuthorizationRequest } from '../token-endpoint/authorization-code.ts';

/** Something that a person signs in for: a connection, say. A sign-in itself knows none. */
export interface SignInSubject {
  /** @returns where Microsoft sends the browser back to; @throws HubError when it can't come back here */
  redirectUri(): string;
  /** @returns the address of Microsoft's sign-in page; @throws HubError when nobody can sign in for it now */
  authorizeUrl(subjectId: string, request: AuthorizationRequest): Promise<string>;
  /** Takes what Microsoft sent back. @throws HubError which is recorded by then */
  complete(subjectId: string, callback: AuthorizationCallback): Promise<void>;
  /** Path of the UI's page that shows it. */
  page(subjectId: string): string;
  /** Path and query of the same page, once the sign-in is done. */
  donePage(subjectId: string): string;
}

/** Which subject a sign-in is for. */
export interface SubjectReference {
  /** Its key among the subjects. */
  purpose: string;
  subjectId: string;
  /** As whom the person signs in, where somebody said. */
  account?: AuthorizationRequest['account'];
}

/** What is handed to a sign-in: besides the usual, what there is to sign in for. */
export interface SignInContext extends HubContext {
  subjects: Readonly<Record<string, SignInSubject>>;
}

/** @throws Error when nobody signs in for that here: the row is another version's */
export function subjectOf({ subjects }: Pick<SignInContext, 'subjects'>, purpose: string): SignInSubject {
  const subject = Object.hasOwn(subjects, purpose) ? subjects[purpose] : undefined;
  if (!subject) throw new Error(`Nothing is known to sign in for: ${purpose}.`);
  return subject;
}

/** Where the sealed code verifier of a sign-in belongs. */
export function codeVerifierPlace(stateHash: string): string {
  return `authorizations/${stateHash}/sealed_code_verifier`;
}

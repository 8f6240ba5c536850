/** A sign-in to the portal that did not come about, in a sentence for the person. */
export class SignInError extends Error {
  override readonly name = 'SignInError';
}

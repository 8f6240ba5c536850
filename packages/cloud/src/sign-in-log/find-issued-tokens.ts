import type { WrittenToken } from './create-sign-in-log.ts';
import type { SentAnswer } from './judge-sign-in.ts';
import type { IssuedTokenKind } from './sign-in-record.ts';

const kinds: readonly IssuedTokenKind[] = ['access_token', 'id_token'];

/**
 * The tokens that an answer brings: in the JSON of the token endpoint, in the fragment or the query of a redirect, in a
 * form that is posted to the app. What is kept of each is a copy of its first two parts, so that nothing holds on to
 * the signature.
 */
export function findIssuedTokens({ body, location }: Pick<SentAnswer, 'body' | 'location'>): WrittenToken[] {
  return kinds.flatMap((kind) => {
    const marks =
      location === undefined
        ? [`"${kind}":"`, `name="${kind}" value="`]
        : [`#${kind}=`, `&${kind}=`, `?${kind}=`];
    const signedPart = firstSignedPart(location ?? body, marks);
    return signedPart ? [{ kind, signedPart }] : [];
  });
}

function firstSignedPart(text: string, marks: readonly string[]): Buffer | undefined {
  for (const mark of marks) {
    const found = text.indexOf(mark);
    if (found < 0) continue;
    const start = found + mark.length;
    const end = text.indexOf('.', text.indexOf('.', start) + 1);
    return end < 0 ? undefined : Buffer.from(text.slice(start, end), 'latin1');
  }
  return undefined;
}

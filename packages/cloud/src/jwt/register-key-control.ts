import type { FastifyInstance } from 'fastify';
import type { Directory } from '../directory/open-directory.ts';
import { rotateSigningKeys, type SigningKeys } from './signing-keys.ts';

/**
 * Lets tests in other processes change the key that signs tokens: `POST /_latchkey/signing-keys` answers the new `kid`
 * and all that are published.
 */
export function registerKeyControl(
  scope: FastifyInstance,
  { directory, signingKeys }: { directory: Directory; signingKeys: SigningKeys },
): void {
  scope.post('/_latchkey/signing-keys', async () => {
    await rotateSigningKeys(directory, signingKeys);
    return { current: signingKeys.current.kid, published: signingKeys.all.map((key) => key.kid) };
  });
}

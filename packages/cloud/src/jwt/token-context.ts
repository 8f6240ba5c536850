import type { CloudContext } from '../cloud-context.ts';
import type { SigningKeys } from './signing-keys.ts';

/** What a service is given that signs tokens or checks them. */
export interface TokenContext extends CloudContext {
  signingKeys: SigningKeys;
}

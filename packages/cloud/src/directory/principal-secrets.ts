import { type ClientSecret, type ClientSecretWish, makeClientSecret } from './client-secrets.ts';
import type { Directory } from './open-directory.ts';
import { type ServicePrincipal, updateServicePrincipal } from './service-principals.ts';

/** Makes a secret of a service principal's own; its text is returned here once and only its hash is kept. */
export function addPrincipalSecret(
  directory: Directory,
  principal: ServicePrincipal,
  wish: ClientSecretWish,
): ClientSecret & { secretText: string } {
  const { stored, secretText } = makeClientSecret(wish);
  const secrets = [stored, ...(principal.document.secrets ?? [])];
  updateServicePrincipal(directory, { ...principal, document: { ...principal.document, secrets } });
  const { hash: _hash, ...secret } = stored;
  return { ...secret, secretText };
}

/** Returns whether there was such a secret. */
export function removePrincipalSecret(
  directory: Directory,
  principal: ServicePrincipal,
  keyId: string,
): boolean {
  const { secrets = [] } = principal.document;
  const kept = secrets.filter((secret) => secret.keyId !== keyId);
  updateServicePrincipal(directory, { ...principal, document: { ...principal.document, secrets: kept } });
  return kept.length < secrets.length;
}

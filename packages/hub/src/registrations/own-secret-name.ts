import type { Random } from '../ground/random.ts';

const nameBytes = 4;

/** What the secrets that the hub makes for a registration begin with in Entra ID, so that it knows them from a person's. */
export function ownSecretName(registrationId: string): string {
  return `Latchkey ${registrationId}`;
}

/** @returns such a name for one more, told from all others by chance */
export function nextSecretName(registrationId: string, random: Random): string {
  return `${ownSecretName(registrationId)} ${random.bytes(nameBytes).toString('hex')}`;
}

/** @returns the name of a federated credential; Graph takes letters, digits and hyphens. @param secretName as above */
export function federatedName(secretName: string): string {
  return secretName.replaceAll(' ', '-').toLowerCase();
}

/** @returns whether a credential has a name that the hub gives to those that it makes for a registration */
export function isOwnName(registrationId: string, name: string | null | undefined): boolean {
  if (!name) return false;
  const own = ownSecretName(registrationId);
  return [own, federatedName(own)].some(
    (known) =>
      name === known || (name.startsWith(known) && /^[ -][\da-f]{8}$/.test(name.slice(known.length))),
  );
}

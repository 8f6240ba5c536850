import { type RegistrationCredential, type UnusedCredential, unusedCredentialSchema } from '@latchkey/api';
import { z } from 'zod';
import { readColumn } from '../../ground/read-json.ts';
import type { RegistrationRow } from '../../store/schema.ts';
import type { ApplicationFacts } from '../checks/read-application.ts';
import { credentialName } from '../credential-in-entra.ts';
import type { GraphClient } from '../graph-client.ts';
import { credentialsInEntra } from './choose-credential.ts';

const unusedSchema = z.array(unusedCredentialSchema);
const kinds: readonly RegistrationCredential[] = ['secret', 'certificate', 'federated'];

/** @returns what is to be removed from Entra ID besides what has one of the hub's names */
export function unusedCredentials(row: Pick<RegistrationRow, 'unused_credentials'>): UnusedCredential[] {
  const { unused_credentials: text } = row;
  return text === null ? [] : readColumn(unusedSchema, text, 'registrations.unused_credentials');
}

/** @returns the same with one more, as the row keeps it */
export function withUnused(
  row: Pick<RegistrationRow, 'unused_credentials'>,
  added: UnusedCredential | null,
): string | null {
  const known = unusedCredentials(row);
  if (added === null) return row.unused_credentials;
  const isKnown = known.some(({ kind, keyId }) => kind === added.kind && keyId === added.keyId);
  return isKnown ? row.unused_credentials : JSON.stringify([...known, added]);
}

/**
 * @returns what becomes unused when another credential takes the present one's place by a rotation; null where nobody knows
 *   which of the application's it is
 */
export function presentAsUnused(
  row: Pick<RegistrationRow, 'credential_kind' | 'client_secret_key_id'>,
): UnusedCredential | null {
  const { credential_kind: kind, client_secret_key_id: keyId } = row;
  // Of a federated credential a person's stays, and the hub's own is known by its name.
  return keyId === null || kind === 'federated' ? null : { kind, keyId };
}

/**
 * Removes all that the hub has made for a registration and that is of no more use, told by its name: a process was killed
 * before it could store one, or another took its place. They would stay valid unseen.
 *
 * @param kept ids of those that stay besides the present one
 * @returns how many there were
 */
export async function removeOwnUnused(
  graph: GraphClient,
  application: ApplicationFacts,
  row: RegistrationRow,
  kept: readonly (string | null)[],
): Promise<number> {
  let removed = 0;
  for (const kind of kinds) {
    const inEntra = credentialsInEntra[kind];
    for (const keyId of await inEntra.listOwn(graph, application, row)) {
      if (kept.includes(keyId) || keyId === row.client_secret_key_id) continue;
      if (await inEntra.remove(graph, application, keyId)) removed += 1;
    }
  }
  return removed;
}

/** Removes the same, and what is written down as unused. @returns what became of it, in one sentence; null for nothing */
export async function removeUnused(
  graph: GraphClient,
  application: ApplicationFacts,
  row: RegistrationRow,
): Promise<string | null> {
  const sentences: string[] = [];
  for (const { kind, keyId } of unusedCredentials(row)) {
    if (keyId === null || keyId === row.client_secret_key_id) continue;
    const wasThere = await credentialsInEntra[kind].remove(graph, application, keyId);
    const name = `The ${credentialName({ credential_kind: kind })} before (${keyId})`;
    sentences.push(`${name} was ${wasThere ? 'removed' : 'gone already'}.`);
  }
  // What was removed by its id is still listed in what was read of the application.
  const done = unusedCredentials(row).map(({ keyId }) => keyId);
  const others = await removeOwnUnused(graph, application, row, done);
  if (others > 0) {
    sentences.push(`Of those that the hub had made and no longer uses, ${others} went.`);
  }
  return sentences.length === 0 ? null : sentences.join(' ');
}

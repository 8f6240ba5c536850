import type { EnvironmentAddress } from '@latchkey/client';
import type { ConnectionDraft } from './connection-draft.ts';

/** What the hub read in a connection string besides the address. */
export type PastedSettings = NonNullable<EnvironmentAddress['connectionString']>;

/** What a connection string changes in the form; what it does not say stays as it was. */
export function fillDraft(
  { method, clientId, tenantId }: PastedSettings,
  clientSecret: string | null,
): Partial<ConnectionDraft> {
  return {
    ...(method !== null && { method }),
    ...(clientId !== null && { clientId }),
    ...(clientSecret !== null && { clientSecret }),
    ...((clientId !== null || clientSecret !== null) && { app: 'own_app' }),
    ...(tenantId !== null && { tenantId }),
  };
}

const labels: Readonly<Partial<Record<keyof ConnectionDraft, string>>> = {
  method: 'how to connect',
  clientId: 'client id',
  clientSecret: 'client secret',
  tenantId: 'tenant (under “Advanced”)',
};

/** A sentence that says what was filled in. */
export function describeFilled(filled: Partial<ConnectionDraft>): string {
  const said = Object.entries(labels).flatMap(([field, label]) => (field in filled ? [label] : []));
  return `Read from the connection string: ${['address', ...said].join(', ')}.`;
}

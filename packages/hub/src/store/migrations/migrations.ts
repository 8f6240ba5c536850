import type { Kysely } from 'kysely';
import type { Database } from '../schema.ts';
import { createFirstTables } from './0001-create-first-tables.ts';
import { createDueWorkAndEvents } from './0002-create-due-work-and-events.ts';
import { createWriteProbes } from './0003-create-write-probes.ts';
import { keepClientSecrets } from './0004-keep-client-secrets.ts';
import { addConnectionCertificates } from './0005-add-connection-certificates.ts';
import { addRegistrationCredentialKind } from './0006-add-registration-credential-kind.ts';
import { tellStates } from './0007-tell-states.ts';
import { createResealings } from './0008-create-resealings.ts';
import { countRejectedTokens } from './0009-count-rejected-tokens.ts';
import { createCallLeases } from './0010-create-call-leases.ts';
import { keepConnections } from './0011-keep-connections.ts';
import { createApplicationUsers } from './0012-create-application-users.ts';
import { addFederatedIdentities } from './0013-add-federated-identities.ts';
import { createKeeperProcesses } from './0014-create-keeper-processes.ts';
import { letCredentialsChangeKind } from './0015-let-credentials-change-kind.ts';
import { keepUnusedCredentials } from './0016-keep-unused-credentials.ts';
import { shareOutages } from './0017-share-outages.ts';
import { limitApiKeys } from './0018-limit-api-keys.ts';

export interface Migration {
  /** Stands in the database once it is applied; never changed. */
  name: string;
  /**
   * One DDL statement at a time, each harmless when it runs again ("if not exists").
   * @param now epoch milliseconds
   */
  up(db: Kysely<Database>, now: number): Promise<void>;
}

/** In the order in which they are applied; only ever added to. */
export const migrations: readonly Migration[] = [
  { name: '0001-create-first-tables', up: createFirstTables },
  { name: '0002-create-due-work-and-events', up: createDueWorkAndEvents },
  { name: '0003-create-write-probes', up: createWriteProbes },
  { name: '0004-keep-client-secrets', up: keepClientSecrets },
  { name: '0005-add-connection-certificates', up: addConnectionCertificates },
  { name: '0006-add-registration-credential-kind', up: addRegistrationCredentialKind },
  { name: '0007-tell-states', up: tellStates },
  { name: '0008-create-resealings', up: createResealings },
  { name: '0009-count-rejected-tokens', up: countRejectedTokens },
  { name: '0010-create-call-leases', up: createCallLeases },
  { name: '0011-keep-connections', up: keepConnections },
  { name: '0012-create-application-users', up: createApplicationUsers },
  { name: '0013-add-federated-identities', up: addFederatedIdentities },
  { name: '0014-create-keeper-processes', up: createKeeperProcesses },
  { name: '0015-let-credentials-change-kind', up: letCredentialsChangeKind },
  { name: '0016-keep-unused-credentials', up: keepUnusedCredentials },
  { name: '0017-share-outages', up: shareOutages },
  { name: '0018-limit-api-keys', up: limitApiKeys },
];

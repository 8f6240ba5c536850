import type { Kysely } from 'kysely';
import { HubError } from '../errors/hub-error.ts';
import type { HubContext } from '../hub-context.ts';
import { lockRow } from '../store/lock-row.ts';
import { prepareQuery, type ValueOf } from '../store/prepare-query.ts';
import type { ConnectionRow, Database, RegistrationRow, TokenSetRow } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { ClientCredential } from '../token-endpoint/client-credential.ts';
import type { StoredTokenFacts } from '../token-endpoint/read-token-facts.ts';

/** A connection with its token set, as stored at one moment. */
export interface TokenState {
  connection: ConnectionRow;
  tokenSet: TokenSetRow;
  /**
   * Its own credential, or that of its registration, as the vault sealed it; each sealing is another text. Of a federated
   * credential who is trusted.
   */
  sealedCredential: string | null;
  credentialKind: ClientCredential['kind'];
  /** What stands sealed in the token set, where it has come just now. */
  fresh?: { accessToken: string; facts: StoredTokenFacts | null };
}

/** @throws HubError `connection_not_found` */
export async function readTokenState(
  context: Pick<HubContext, 'store'>,
  connectionId: string,
): Promise<TokenState> {
  const { rows } = await findRow(context.store.db, { connectionId });
  const [row] = rows;
  if (!row) throw new HubError('connection_not_found');
  return toTokenState(row);
}

const findRow = prepareQuery((db, value: ValueOf<{ connectionId: string }>) =>
  selectTokenStates({ db }).where('connections.id', '=', value('connectionId')),
);

const lockRowOnPostgres = prepareQuery((db, value: ValueOf<{ connectionId: string }>) =>
  lockRow(
    { engine: 'postgres' },
    selectTokenStates({ db }).where('connections.id', '=', value('connectionId')),
    'connections',
  ),
);

/**
 * Reads a connection's rows as they are last, and keeps others from changing the connection until the transaction ends.
 *
 * @param db a transaction
 * @returns undefined when there is no such connection
 */
export async function lockTokenStateRow(
  { engine }: Pick<Store, 'engine'>,
  db: Kysely<Database>,
  connectionId: string,
): Promise<TokenStateRow | undefined> {
  const find = engine === 'postgres' ? lockRowOnPostgres : findRow;
  const { rows } = await find(db, { connectionId });
  return rows[0];
}

/** The query that token states are read by; to be narrowed by its caller. */
export function selectTokenStates({ db }: { db: Kysely<Database> }) {
  return db
    .selectFrom('connections')
    .innerJoin('token_sets', 'token_sets.connection_id', 'connections.id')
    .leftJoin('registrations', 'registrations.id', 'connections.registration_id')
    .selectAll(['connections', 'token_sets'])
    .select([
      'registrations.sealed_client_secret as registration_secret',
      'registrations.credential_kind as registration_credential_kind',
      'registrations.federated_identity as registration_federated_identity',
      'registrations.tenant_id as registration_tenant_id',
      'registrations.secret_alarm as registration_alarm',
      'registrations.secret_alarm_at as registration_alarm_at',
    ]);
}

/** What token states are made of. */
export type TokenStateRow = ConnectionRow &
  TokenSetRow & {
    registration_secret: string | null;
    registration_credential_kind: RegistrationRow['credential_kind'] | null;
    registration_federated_identity: string | null;
    registration_tenant_id: string | null;
    registration_alarm: string | null;
    registration_alarm_at: number | null;
  };

/** Connections and token sets share no column name, so one row holds both. */
export function toTokenState(row: TokenStateRow): TokenState {
  const state = { tokenSet: row, ...credentialOf(row) };
  const isAlarmed = row.registration_alarm !== null && !hasOwnCredential(row);
  return { connection: isAlarmed ? withAlarm(row) : row, ...state };
}

/** @returns whether a connection proves itself with a credential of its own, whatever its registration has */
export function hasOwnCredential(row: ConnectionRow): boolean {
  return row.sealed_client_secret !== null || row.sealed_private_key !== null;
}

/**
 * While Microsoft refuses the secret of a registration, that is the failure of each connection that signs in with it,
 * though it is written down once, with the registration. What holds the connection itself back shows again afterwards.
 */
function withAlarm(row: TokenStateRow): ConnectionRow {
  return {
    ...row,
    last_failure: row.registration_alarm,
    last_failure_at: row.registration_alarm_at,
    failure_state: 'blocked',
    next_try_at: null,
  };
}

function credentialOf(row: TokenStateRow): Pick<TokenState, 'credentialKind' | 'sealedCredential'> {
  if (row.sealed_client_secret !== null)
    return { credentialKind: 'secret', sealedCredential: row.sealed_client_secret };
  if (row.sealed_private_key !== null)
    return { credentialKind: 'certificate', sealedCredential: row.sealed_private_key };
  if (row.registration_credential_kind === 'federated')
    return { credentialKind: 'federated', sealedCredential: row.registration_federated_identity };
  return {
    credentialKind:
      row.registration_secret === null ? 'none' : (row.registration_credential_kind ?? 'secret'),
    sealedCredential: row.registration_secret,
  };
}

import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { WorkHandler } from '../due-work/work-handler.ts';
import { HubError } from '../errors/hub-error.ts';
import { hubItself, recordEvent } from '../events/record-event.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import { inTransaction } from '../store/in-transaction.ts';
import type { Database, ResealingRow } from '../store/schema.ts';
import type { Vault } from '../vault/create-vault.ts';
import { type SealedTable, sealedPlace, sealedTables } from '../vault/sealed-columns.ts';
import { readSealedPage, replaceSealed, type SealedValue } from './sealed-rows.ts';

/** Its subjects are the tables that have sealed columns. */
export const resealKind = 'reseal';

/** Some milliseconds' work: others' writes wait no longer for the rows, or on SQLite for the lock. */
const rowsAtOnce = 50;
/** So many pages before others get their turn, and the claim on the work is renewed. */
const pagesAtOnce = 100;
/** A process that was given other keys than the rest leaves the work to them. */
const laterMilliseconds = millisecondsPerMinute;

type ResealContext = Pick<HubContext, 'store' | 'vault' | 'clock' | 'random' | 'log'>;

/** Seals what is stored anew with the key that a rotation has named, page by page; a kill costs one page. */
export function createResealHandler(context: ResealContext): WorkHandler {
  return {
    kind: resealKind,
    async run(subjectId, signal) {
      const table = sealedTables.find((name) => name === subjectId);
      if (table === undefined) return null;
      for (let page = 0; page < pagesAtOnce && !signal.aborted; page += 1) {
        const resealing = await readResealing(context, table);
        if (!resealing || resealing.finished_at !== null) return null;
        if (!context.vault.keyring.find(resealing.key_id)) return context.clock.now() + laterMilliseconds;
        await resealPage(context, table, resealing);
      }
      return context.clock.now();
    },
  };
}

function readResealing({ store }: ResealContext, table: SealedTable): Promise<ResealingRow | undefined> {
  return store.db.selectFrom('resealings').selectAll().where('table_name', '=', table).executeTakeFirst();
}

async function resealPage(
  context: ResealContext,
  table: SealedTable,
  resealing: ResealingRow,
): Promise<void> {
  const { store, vault, clock } = context;
  const { key_id: keyId, done_up_to: after } = resealing;
  const { values, lastKey } = await readSealedPage(store.db, table, { after, limit: rowsAtOnce });
  const { replacements, unreadable } = sealAnew({ vault, log: context.log }, { table, values, keyId });
  await inTransaction(store, async (db) => {
    let resealed = 0;
    for (const { value, replacement } of replacements) {
      if (await replaceSealed(db, table, value, replacement)) resealed += 1;
    }
    // Another process may have done the same page, or a rotation to yet another key may have begun.
    const { numUpdatedRows } = await db
      .updateTable('resealings')
      .set((eb) => ({
        done_up_to: lastKey ?? after,
        resealed: eb('resealed', '+', resealed),
        unreadable: eb('unreadable', '+', unreadable),
        finished_at: lastKey === null ? clock.now() : null,
      }))
      .where('table_name', '=', table)
      .where('key_id', '=', keyId)
      .where('done_up_to', '=', after)
      .where('finished_at', 'is', null)
      .executeTakeFirst();
    if (lastKey === null && numUpdatedRows === 1n) await tellIfFinished(db, context, keyId);
  });
}

/** A value that can't be opened is told of and passed over: it stops neither its row's others nor the rows after it. */
function sealAnew(
  { vault, log }: { vault: Vault; log: Logger },
  { table, values, keyId }: { table: SealedTable; values: readonly SealedValue[]; keyId: string },
): { replacements: { value: SealedValue; replacement: string }[]; unreadable: number } {
  const replacements = [];
  let unreadable = 0;
  for (const value of values) {
    const place = sealedPlace(table, value.rowKey, value.column);
    try {
      const replacement = vault.reseal(value.sealed, place, keyId);
      if (replacement !== null) replacements.push({ value, replacement });
    } catch (error) {
      if (!(error instanceof HubError)) throw error;
      unreadable += 1;
      log.warn({ place, code: error.code }, 'stored value can’t be opened, and is not sealed anew');
    }
  }
  return { replacements, unreadable };
}

async function tellIfFinished(
  db: Kysely<Database>,
  context: Pick<HubContext, 'clock' | 'random'>,
  keyId: string,
): Promise<void> {
  const rows = await db.selectFrom('resealings').selectAll().where('key_id', '=', keyId).execute();
  if (rows.some((row) => row.finished_at === null)) return;
  const sum = (column: 'resealed' | 'unreadable') => rows.reduce((total, row) => total + row[column], 0);
  const [resealed, unreadable] = [sum('resealed'), sum('unreadable')];
  const rest = unreadable === 0 ? '' : ` ${unreadable} can’t be opened by any key here.`;
  await recordEvent(db, context, {
    subject: hubItself,
    kind: 'keys_rotated',
    summary: `${resealed} stored values are sealed anew with the key "${keyId}".${rest}`,
    facts: { keyId, resealed, unreadable },
  });
}

import type { Keeper } from '@latchkey/api';
import { toIso } from '../ground/clock.ts';
import { millisecondsPerHour, millisecondsPerSecond } from '../ground/durations.ts';
import type { HubContext } from '../hub-context.ts';
import type { SealedTable } from '../vault/sealed-columns.ts';
import { listProcesses, type ReportedProcess } from './keeper-processes.ts';

type KeeperKind = Keeper['kinds'][number];
type WatchContext = Pick<HubContext, 'store' | 'clock' | 'databaseNow'>;

/** Who watches asks often: no more rows are looked at than this, however many are due. */
const countedUpTo = 10_000;
const shownNext = 20;

const titles: Readonly<Record<string, string>> = {
  connection: 'Refresh, keep alive and prove connections',
  token_end: 'Notice the end of access tokens',
  registration: 'Watch and rotate secrets of registrations',
  reseal: 'Seal stored secrets with a new key',
  clean_up: 'Remove what is over',
};

/** What work is for where that is neither a connection nor a registration: its subjects are tables. */
const subjects: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  clean_up: {
    events: 'Events older than they are kept',
    keeper_processes: 'Processes that are gone',
    sessions: 'Sessions and links to enter by that have ended',
    sign_ins: 'Sign-ins that were not finished',
  },
  reseal: {
    application_users: 'Application users being made',
    authorizations: 'Sign-ins under way',
    connections: 'Secrets of connections',
    registrations: 'Secrets of registrations',
    token_sets: 'Tokens',
  } satisfies Record<SealedTable, string>,
};

/** @returns what is due, what was done lately and what will be, of all processes on the database */
export async function presentKeeper(context: WatchContext): Promise<Keeper> {
  const processes = await listProcesses(context);
  const [kinds, next] = [await countKinds(context, processes), await listNext(context)];
  return { kinds, next, processes: processes.map(presentProcess), countedUpTo };
}

async function countKinds(
  context: WatchContext,
  processes: readonly ReportedProcess[],
): Promise<KeeperKind[]> {
  const now = context.clock.now();
  const due = await countDue(context, now);
  const soon = await countSoon(context, now);
  const names = new Set([
    ...Object.keys(titles),
    // A later version's.
    ...[...due.keys(), ...soon.keys(), ...processes.flatMap(({ kinds }) => [...kinds.keys()])].toSorted(),
  ]);
  return [...names].map((kind) => {
    const { count = 0, underWay = 0, dueSince = null } = due.get(kind) ?? {};
    const runs = processes.flatMap(({ kinds }) => kinds.get(kind) ?? []);
    return {
      kind,
      title: titleOf(kind),
      due: count,
      underWay,
      dueSince: toIso(dueSince),
      overdueSeconds: dueSince === null ? 0 : Math.round((now - dueSince) / millisecondsPerSecond),
      dueWithinAnHour: soon.get(kind) ?? 0,
      runs: sum(runs.map((record) => record.runs)),
      failures: sum(runs.map(({ failures }) => failures)),
      lastRunAt: runs.length === 0 ? null : toIso(Math.max(...runs.map(({ lastRunAt }) => lastRunAt))),
    };
  });
}

async function countDue({ store: { db }, databaseNow }: WatchContext, now: number) {
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('due_work')
        .select(['kind', 'due_at'])
        .select((row) =>
          row.case().when('claimed_until', '>', databaseNow()).then(1).else(0).end().as('is_under_way'),
        )
        .where('due_at', '<=', now)
        .orderBy('due_at')
        .limit(countedUpTo)
        .as('due'),
    )
    .select(({ fn }) => [
      'kind',
      'is_under_way',
      fn.countAll<number>().as('rows'),
      fn.min('due_at').as('since'),
    ])
    .groupBy(['kind', 'is_under_way'])
    .execute();
  const kinds = new Map<string, { count: number; underWay: number; dueSince: number | null }>();
  for (const { kind, is_under_way: isUnderWay, rows: count, since } of rows) {
    const before = kinds.get(kind) ?? { count: 0, underWay: 0, dueSince: null };
    kinds.set(kind, {
      count: before.count + count,
      underWay: before.underWay + (isUnderWay ? count : 0),
      dueSince: isUnderWay ? before.dueSince : since,
    });
  }
  return kinds;
}

async function countSoon({ store: { db } }: WatchContext, now: number): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('due_work')
        .select('kind')
        .where('due_at', '>', now)
        .where('due_at', '<=', now + millisecondsPerHour)
        .orderBy('due_at')
        .limit(countedUpTo)
        .as('soon'),
    )
    .select(({ fn }) => ['kind', fn.countAll<number>().as('rows')])
    .groupBy('kind')
    .execute();
  return new Map(rows.map(({ kind, rows: count }) => [kind, count]));
}

async function listNext({ store: { db }, databaseNow }: WatchContext): Promise<Keeper['next']> {
  const rows = await db
    .selectFrom('due_work')
    .leftJoin('connections', 'connections.id', 'due_work.subject_id')
    .leftJoin('registrations', 'registrations.id', 'due_work.subject_id')
    .select(['due_work.kind', 'due_work.subject_id', 'due_work.due_at'])
    .select(['connections.name as connection_name', 'registrations.name as registration_name'])
    .select((row) =>
      row.case().when('due_work.claimed_until', '>', databaseNow()).then(1).else(0).end().as('is_under_way'),
    )
    .orderBy('due_work.due_at')
    .limit(shownNext)
    .execute();
  return rows.map((row) => ({
    kind: row.kind,
    title: titleOf(row.kind),
    subjectId: row.subject_id,
    subjectName: row.connection_name ?? row.registration_name ?? subjects[row.kind]?.[row.subject_id] ?? null,
    dueAt: toIso(row.due_at),
    isUnderWay: Boolean(row.is_under_way),
  }));
}

function presentProcess(reported: ReportedProcess): Keeper['processes'][number] {
  const { id, name, isOn, isSilent, underWay } = reported;
  const kinds = [...reported.kinds.values()];
  return {
    id,
    name,
    isOn,
    startedAt: toIso(reported.startedAt),
    lastSeenAt: toIso(reported.lastSeenAt),
    isSilent,
    underWay,
    runs: sum(kinds.map(({ runs }) => runs)),
    failures: sum(kinds.map(({ failures }) => failures)),
  };
}

/** A later version's work has no title here. */
function titleOf(kind: string): string {
  return titles[kind] ?? kind;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

import { z } from 'zod';
import { timeSchema } from './failures.ts';

const keeperKindSchema = z.object({
  kind: z.string(),
  /** What is done, for people. */
  title: z.string(),
  /** Due now; counted up to `countedUpTo`, over all kinds. */
  due: z.number(),
  /** Of them, what is being done. */
  underWay: z.number(),
  /** Since when the oldest of it has been due that nobody does; null where nothing is. */
  dueSince: timeSchema.nullable(),
  /** How late that is, in seconds. */
  overdueSeconds: z.number(),
  /** What falls due within the next hour; counted up to `countedUpTo`, over all kinds. */
  dueWithinAnHour: z.number(),
  /** Runs of the processes that are shown, since each started. */
  runs: z.number(),
  /** Of them, those that ended by an error nobody expected; a connection that fails is none. */
  failures: z.number(),
  lastRunAt: timeSchema.nullable(),
});

const keeperWorkSchema = z.object({
  kind: z.string(),
  title: z.string(),
  subjectId: z.string(),
  /** The name of the connection or registration that it is for, or what else, in words. */
  subjectName: z.string().nullable(),
  dueAt: timeSchema,
  isUnderWay: z.boolean(),
});

const keeperProcessSchema = z.object({
  id: z.string(),
  /** Its machine and process id. */
  name: z.string(),
  /** Whether it does work that falls due (LATCHKEY_KEEPER). */
  isOn: z.boolean(),
  startedAt: timeSchema,
  lastSeenAt: timeSchema,
  /** It has not reported for minutes: killed, or without its database. */
  isSilent: z.boolean(),
  underWay: z.number(),
  runs: z.number(),
  failures: z.number(),
});

export const keeperSchema = z
  .object({
    kinds: z.array(keeperKindSchema),
    /** What is done next, the longest due first. */
    next: z.array(keeperWorkSchema),
    processes: z.array(keeperProcessSchema),
    countedUpTo: z.number(),
  })
  .meta({ id: 'Keeper' });
/** What keeps connections working without anybody asking: what is due, what was done and what will be. */
export type Keeper = z.output<typeof keeperSchema>;

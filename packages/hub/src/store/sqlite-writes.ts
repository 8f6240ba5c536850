import { CompiledQuery, type DatabaseConnection, type QueryResult } from 'kysely';
import type { Sleep } from '../ground/clock.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { sqliteBusy, sqliteCode } from './sqlite-codes.ts';

/** How long a statement waits for another process's write, all its pauses together, before it fails with SQLITE_BUSY. */
const longestWaitMilliseconds = 5 * millisecondsPerSecond;

/** A write of a hub takes a fraction of a millisecond; what holds the lock for longer is looked after more seldom. */
const pauses = [1, 1, 2, 3, 5, 10, 15] as const;
const longestPauseMilliseconds = 25;

/** A commit is for so many writes at most, and for what begins within so long: others wait for the lock meanwhile. */
const mostInGroup = 64;
const longestGroupMilliseconds = 10;

const begin = CompiledQuery.raw('begin immediate');
const commit = CompiledQuery.raw('commit');
const rollback = CompiledQuery.raw('rollback');
const beginMember = CompiledQuery.raw('savepoint member');
const keepMember = CompiledQuery.raw('release member');
const undoMember = CompiledQuery.raw('rollback to member');

/** A statement that is prepared. */
export interface DriverStatement {
  /** `change` is one of rows, which may be part of a transaction; `other` is a pragma, or about tables. */
  kind: 'query' | 'change' | 'other';
  /** Whether it gives rows back: a query, or a write with `returning`. */
  reader: boolean;
  all(parameters: readonly unknown[]): unknown[];
  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint };
}

/** A database as the driver needs it. */
export interface DriverDatabase {
  prepare(sql: string): DriverStatement;
  /** Whether a transaction is open: SQLite ends one by itself when the disk is full or fails. */
  isInTransaction(): boolean;
  /** @throws StoreError `database_moved`: what is written would be lost with the file that nobody can open any more */
  provePlace(): void;
  close(): void;
}

/** Nothing was wrong with this transaction: it shared its commit with another one's failure, and is to be made anew. */
export class TransactionUndoneError extends Error {
  override readonly name = 'TransactionUndoneError';

  constructor() {
    super('What the transaction wrote was undone, since it shared its commit with one that failed.');
  }
}

/** One statement that writes by itself. */
interface WaitingStatement {
  query: CompiledQuery;
  /** A pragma may not be within a transaction. */
  mayShare: boolean;
  result: PromiseWithResolvers<QueryResult<unknown>>;
}

interface WaitingTransaction {
  holder: DatabaseConnection;
  mayShare: true;
  /** One of its statements has failed, and SQLite has undone all of it. */
  isUndone: boolean;
  /** It may run its statements. */
  begun: PromiseWithResolvers<void>;
  /** It has run them all. */
  ended: PromiseWithResolvers<'commit' | 'rollback'>;
  /** What it wrote is stored, or is not. */
  outcome: PromiseWithResolvers<void>;
}

type Waiting = WaitingStatement | WaitingTransaction;

/** What has been done within a group, and hears of the group's commit. */
interface Member {
  acknowledge(): void;
  undo(): void;
}

/**
 * Lets writes to a SQLite file through, one after the other in the order in which they came. Those that wait at the same
 * moment share one commit, since waiting for the disk costs more than all else about a write: each runs in a savepoint
 * of its own, so that one which fails undoes only itself, and each hears of its success only after the commit. When that
 * fails, or SQLite gives the whole transaction up, all are made anew, each alone, so that a failure hits only its cause.
 *
 * A transaction takes the write lock when it begins: one that reads first and writes later would fail with
 * SQLITE_BUSY_SNAPSHOT when another process wrote in between, however long it waits.
 */
export class SqliteWrites {
  readonly #database: DriverDatabase;
  readonly #sleep: Sleep;
  readonly #waiting: Waiting[] = [];
  #isWorking = false;
  /** So many of those to come share no commit, since one has failed that was shared. */
  #alone = 0;
  #running: WaitingTransaction | null = null;
  #uncommitted: PromiseWithResolvers<void> | null = null;

  constructor({ database, sleep }: { database: DriverDatabase; sleep: Sleep }) {
    this.#database = database;
    this.#sleep = sleep;
  }

  /** Waits for a transaction's turn. */
  begin(holder: DatabaseConnection): Promise<void> {
    const begun = Promise.withResolvers<void>();
    const [ended, outcome] = [Promise.withResolvers<'commit' | 'rollback'>(), Promise.withResolvers<void>()];
    this.#wait({ holder, mayShare: true, isUndone: false, begun, ended, outcome });
    return begun.promise;
  }

  /**
   * Ends a transaction. One that has ended already, as after a commit that failed, stays as it is.
   *
   * @throws TransactionUndoneError, the database's error
   */
  async end(holder: DatabaseConnection, how: 'commit' | 'rollback'): Promise<void> {
    const running = this.#running;
    if (running?.holder !== holder) return;
    this.#running = null;
    running.ended.resolve(how);
    await running.outcome.promise;
  }

  /** Waits for a statement's turn and runs it. */
  write(query: CompiledQuery, mayShare: boolean): Promise<QueryResult<unknown>> {
    const result = Promise.withResolvers<QueryResult<unknown>>();
    this.#wait({ query, mayShare, result });
    return result.promise;
  }

  /** @returns whether a connection's transaction runs at this moment */
  isRunning(holder: DatabaseConnection): boolean {
    return this.#running?.holder === holder;
  }

  /** @returns what resolves when all that stands in the database is committed; null where it is */
  uncommitted(): Promise<void> | null {
    return this.#uncommitted?.promise ?? null;
  }

  #wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#work();
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      // Whatever else the event loop has ready to be written comes along.
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (!this.#isInPlace()) continue;
      const [first, second] = this.#waiting;
      const isShared = this.#alone === 0 && first?.mayShare === true && second?.mayShare === true;
      await (isShared ? this.#runGroup() : this.#runAlone());
    }
    this.#isWorking = false;
  }

  /** Whoever comes first hears where it is not; the next one is seen to anew. */
  #isInPlace(): boolean {
    try {
      this.#database.provePlace();
      return true;
    } catch (error) {
      const first = this.#waiting.shift();
      if (first) refuse(first, error);
      return false;
    }
  }

  async #runAlone(): Promise<void> {
    this.#alone = Math.max(0, this.#alone - 1);
    const waiting = this.#waiting.shift();
    if (!waiting) return;
    if (!('holder' in waiting)) {
      await this.runPatiently(waiting.query).then(waiting.result.resolve, waiting.result.reject);
      return;
    }
    if (!(await this.#open(waiting))) return;
    const { outcome } = waiting;
    try {
      if ((await this.#runTransaction(waiting)) === 'commit') await this.runPatiently(commit);
      outcome.resolve();
    } catch (error) {
      outcome.reject(error);
    } finally {
      this.#close();
    }
  }

  async #runGroup(): Promise<void> {
    const [first] = this.#waiting;
    if (!first || !(await this.#open(first))) {
      // Those behind it wait for the lock anew.
      this.#waiting.shift();
      return;
    }
    const members: Member[] = [];
    const endsAt = performance.now() + longestGroupMilliseconds;
    let isLost = false;
    for (let begun = 0; !isLost && begun < mostInGroup && performance.now() < endsAt; begun += 1) {
      if (this.#waiting[0]?.mayShare !== true) break;
      const waiting = this.#waiting.shift();
      if (!waiting) break;
      const member =
        'holder' in waiting ? await this.#joinTransaction(waiting) : this.#joinStatement(waiting);
      if (member) members.push(member);
      isLost = !this.#database.isInTransaction();
    }
    const isCommitted = !isLost && (await this.#commitGroup());
    if (!isCommitted) this.#alone = this.#waiting.length + members.length;
    this.#close();
    if (isCommitted) for (const member of members) member.acknowledge();
    else for (const member of members.toReversed()) member.undo();
  }

  async #commitGroup(): Promise<boolean> {
    try {
      await this.runPatiently(commit);
      return true;
    } catch {
      // Each is made anew alone, and hears then what is wrong with it.
      return false;
    }
  }

  /** @returns null when it failed, and has undone itself */
  #joinStatement(waiting: WaitingStatement): Member | null {
    const { query, result } = waiting;
    try {
      const found = this.#runNow(query);
      return { acknowledge: () => result.resolve(found), undo: () => this.#waiting.unshift(waiting) };
    } catch (error) {
      result.reject(error);
      return null;
    }
  }

  /** @returns null when it was rolled back, or failed */
  async #joinTransaction(waiting: WaitingTransaction): Promise<Member | null> {
    const { begun, outcome } = waiting;
    try {
      this.#runNow(beginMember);
    } catch (error) {
      begun.reject(error);
      return null;
    }
    try {
      if ((await this.#runTransaction(waiting)) === 'commit') {
        this.#runNow(keepMember);
        return { acknowledge: outcome.resolve, undo: () => outcome.reject(new TransactionUndoneError()) };
      }
      this.#undoMember();
      outcome.resolve();
    } catch (error) {
      this.#undoMember();
      outcome.reject(error);
    }
    return null;
  }

  #undoMember(): void {
    if (!this.#database.isInTransaction()) return;
    try {
      this.#runNow(undoMember);
      this.#runNow(keepMember);
    } catch {
      // What it has written must not be committed with the others, which are made anew.
      this.#giveUp();
    }
  }

  #runTransaction(waiting: WaitingTransaction): Promise<'commit' | 'rollback'> {
    this.#running = waiting;
    waiting.begun.resolve();
    return waiting.ended.promise;
  }

  /** Takes the write lock. @returns false when another process keeps it, as the one that waits for it hears */
  async #open(first: Waiting): Promise<boolean> {
    try {
      await this.runPatiently(begin);
    } catch (error) {
      refuse(first, error);
      return false;
    }
    this.#uncommitted = Promise.withResolvers();
    return true;
  }

  #close(): void {
    this.#giveUp();
    this.#uncommitted?.resolve();
    this.#uncommitted = null;
  }

  /** Takes back what is not committed. */
  #giveUp(): void {
    try {
      if (this.#database.isInTransaction()) this.#runNow(rollback);
    } catch {
      // The file has failed, as the next statement tells.
    }
  }

  /** Runs a statement of the transaction that runs. @throws the database's error */
  runInTransaction(query: CompiledQuery): QueryResult<unknown> {
    const running = this.#running;
    // By itself it would be committed at once, though what came before it is undone.
    if (running?.isUndone) throw new Error('SQLite has rolled this transaction back.');
    try {
      return this.#runNow(query);
    } catch (error) {
      if (running) running.isUndone = !this.#database.isInTransaction();
      throw error;
    }
  }

  /** Runs a statement, again and again while another process holds the lock. */
  async runPatiently(query: CompiledQuery): Promise<QueryResult<unknown>> {
    let waited = 0;
    for (let tries = 0; ; tries += 1) {
      try {
        return this.#runNow(query);
      } catch (error) {
        if (sqliteCode(error) !== sqliteBusy || waited >= longestWaitMilliseconds) throw error;
      }
      const pause = pauses[tries] ?? longestPauseMilliseconds;
      waited += pause;
      await this.#sleep(pause);
    }
  }

  #runNow({ sql, parameters }: CompiledQuery): QueryResult<unknown> {
    const statement = this.#database.prepare(sql);
    if (statement.reader) return { rows: statement.all(parameters) };
    const { changes, lastInsertRowid } = statement.run(parameters);
    return { insertId: BigInt(lastInsertRowid), numAffectedRows: BigInt(changes), rows: [] };
  }
}

function refuse(waiting: Waiting, error: unknown): void {
  if ('holder' in waiting) waiting.begun.reject(error);
  else waiting.result.reject(error);
}

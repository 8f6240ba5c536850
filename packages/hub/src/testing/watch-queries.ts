import { CompiledQuery, type KyselyPlugin, type PluginTransformQueryArgs, sql } from 'kysely';
import type { Store } from '../store/store.ts';

/** A statement, with how the database goes about it. */
export interface WatchedQuery {
  sql: string;
  plan: string;
  /** Steps of the plan that read a table or an index from one end to the other. */
  scans: string[];
  /** Whether it ends such a scan itself after some rows: it has a limit, and nothing is sorted before that. */
  isLimited: boolean;
}

/** Keeps the statements that a store is asked from now on. @returns what explains those since the last time, each once */
export function watchQueries(store: Store): () => Promise<WatchedQuery[]> {
  const { db } = store;
  let asked: PluginTransformQueryArgs[] = [];
  const recorder: KyselyPlugin = {
    transformQuery(query) {
      asked.push(query);
      return query.node;
    },
    transformResult: async ({ result }) => result,
  };
  store.db = db.withPlugin(recorder);
  return async () => {
    const compiled = asked.map(({ node, queryId }) => db.getExecutor().compileQuery(node, queryId));
    asked = [];
    const watched: WatchedQuery[] = [];
    for (const query of new Map(compiled.map((each) => [each.sql, each])).values()) {
      const plan = await (store.engine === 'sqlite' ? planOnSqlite : planOnPostgres)(db, query);
      const isSorted = plan.some((line) => /TEMP B-TREE FOR ORDER BY|\bSort\b/.test(line));
      const isLimited = /\blimit\b/i.test(query.sql) && !isSorted;
      watched.push({ sql: query.sql, plan: plan.join('\n'), scans: plan.filter(isScan), isLimited });
    }
    return watched;
  };
}

/** @returns what stands for the place of a value in a prepared query: a text that numbers are read from, too */
function toValue(parameter: unknown): unknown {
  return typeof parameter === 'object' && parameter !== null ? '1' : parameter;
}

/** https://www.sqlite.org/eqp.html */
async function planOnSqlite(db: Store['db'], query: CompiledQuery): Promise<string[]> {
  const { rows } = await db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${query.sql}`, query.parameters.map(toValue)),
  );
  return rows.map(({ detail }) => detail);
}

/** Of a few rows PostgreSQL reads all and joins them at once; told not to, it does so where there is no other way. */
function planOnPostgres(db: Store['db'], query: CompiledQuery): Promise<string[]> {
  return db.transaction().execute(async (transaction) => {
    for (const way of ['seqscan', 'hashjoin', 'mergejoin'])
      await sql.raw(`set local enable_${way} = off`).execute(transaction);
    const { rows } = await transaction.executeQuery<{ 'QUERY PLAN': string }>(
      CompiledQuery.raw(`explain (costs off) ${query.sql}`, query.parameters.map(toValue)),
    );
    // What a step goes by stands in the lines below it.
    return rows
      .map((row) => row['QUERY PLAN'])
      .join('\n')
      .split(/\n(?= *(?:->|[A-Z]\w+ on |CTE |InitPlan|SubPlan))/);
  });
}

function isScan(step: string): boolean {
  return isScanOnSqlite(step) || isScanOnPostgres(step);
}

/** A list of values or a result of the same statement is no table. */
function isScanOnSqlite(step: string): boolean {
  return /^SCAN (?!CONSTANT ROW|free\b|due\b|soon\b|counted\b|\()/.test(step);
}

function isScanOnPostgres(step: string): boolean {
  if (/Seq Scan on/.test(step)) return true;
  return /Index (?:Only )?Scan|Bitmap Index Scan/.test(step) && !/Index Cond:/.test(step);
}

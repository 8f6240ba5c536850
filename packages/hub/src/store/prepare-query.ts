import {
  type Compilable,
  type CompiledQuery,
  type Kysely,
  type QueryResult,
  type RawBuilder,
  sql,
} from 'kysely';
import type { Database } from './schema.ts';

type StorableValue = string | number | null;

/** Stands in a query for a value that is told each time that it is run. */
class Placeholder<Name> {
  readonly name: Name;

  constructor(name: Name) {
    this.name = name;
  }
}

/** The place of a value in a prepared query, by its name. */
export type ValueOf<Values> = <Name extends keyof Values & string>(name: Name) => RawBuilder<Values[Name]>;

/** A query that was built once. @param values what stands in its places this time */
type PreparedQuery<Values, Row> = (db: Kysely<Database>, values: Values) => Promise<QueryResult<Row>>;

/**
 * Prepares a query for where it is run all the time: building one and making text of it costs more than running most of
 * ours. It is built once for each open database.
 *
 * @param build makes the query, with places in it for what differs from run to run
 */
export function prepareQuery<Values extends Record<keyof Values, StorableValue>, Row>(
  build: (db: Kysely<Database>, value: ValueOf<Values>) => Compilable<Row>,
): PreparedQuery<Values, Row> {
  // A transaction has its database's adapter, and no other of them has.
  const compiled = new WeakMap<object, CompiledQuery<Row>>();

  function compile(db: Kysely<Database>): CompiledQuery<Row> {
    const { adapter } = db.getExecutor();
    const known = compiled.get(adapter);
    if (known) return known;
    const query = build(db, (name) => sql`${new Placeholder(name)}`).compile();
    compiled.set(adapter, query);
    return query;
  }

  return (db, values) => {
    const query = compile(db);
    const parameters = query.parameters.map((parameter) =>
      isPlaceholder<keyof Values>(parameter) ? values[parameter.name] : parameter,
    );
    return db.executeQuery({ ...query, parameters });
  };
}

function isPlaceholder<Name>(parameter: unknown): parameter is Placeholder<Name> {
  return parameter instanceof Placeholder;
}

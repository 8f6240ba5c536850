import { GraphError } from '../graph/errors/graph-error.ts';
import type { GraphResource } from '../graph/operation/graph-operation.ts';
import { type PropertyTable, readProperties } from '../graph/operation/property-table.ts';
import { SeedError } from './seed-error.ts';

/**
 * Reads what a seed says of an object by the names of Graph's properties.
 *
 * @param name the object, as the seed calls it
 * @throws SeedError for a property that Graph has not, or a value that it doesn't take
 */
export function readFurtherProperties(
  name: string,
  properties: Record<string, unknown>,
  table: PropertyTable,
): GraphResource {
  try {
    return readProperties(properties, table, 'create');
  } catch (error) {
    if (!(error instanceof GraphError)) throw error;
    throw new SeedError(`'${name}': ${error.message}`, { cause: error });
  }
}

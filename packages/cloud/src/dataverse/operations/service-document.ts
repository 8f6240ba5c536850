import { parseQueryOptions } from '../query/query-options.ts';
import { schema } from '../tables/schema.ts';
import type { Answer, WebApiRequest } from './answer.ts';

/** `GET /api/data/v9.2/`: the entity sets of the environment. */
export function getServiceDocument({ call, query }: WebApiRequest): Answer {
  parseQueryOptions(query, []);
  const names = schema.tables.map((table) => table.definition.entitySetName);
  return {
    status: 200,
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata`,
      value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
    },
  };
}

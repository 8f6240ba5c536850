import type { FastifyRequest } from 'fastify';

/** A request's query by its options' names in lower case: these APIs take them in any. Of a repeated one the last counts. */
export function readQuery({ url }: FastifyRequest): ReadonlyMap<string, string> {
  const [, query = ''] = url.split(/\?(.*)/s, 2);
  return new Map([...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]));
}

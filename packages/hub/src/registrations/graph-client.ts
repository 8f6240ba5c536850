import { z } from 'zod';
import { firstRedirect } from '../ground/http-status.ts';
import { parseJson } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { OutboundError, type OutboundRequest, type OutboundResponse } from '../outbound/outbound-http.ts';
import { readGraphError } from './graph-error.ts';

/**
 * The calls to Microsoft Graph v1.0 that registering an application takes, with an administrator's token. Paths begin
 * after the version, and values in them are encoded by the caller.
 *
 * All throw GraphError when Graph refuses, and OutboundError when no whole answer came, an answer that is not what
 * Graph documents included.
 */
export interface GraphClient {
  get<T>(path: string, shape: z.ZodType<T>): Promise<T>;
  /** All pages of a collection. */
  list<T>(path: string, shape: z.ZodType<T>): Promise<T[]>;
  post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T>;
  /** A call that is answered with 204 and no body. */
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<void>;
}

interface Page<T> {
  value: T[];
  '@odata.nextLink'?: string | undefined;
}

/** A tenant's whole list of applications of one name fits many times over. */
const maximumPages = 50;

/** @param accessToken the administrator's; it is sent to the configured Graph only */
export function createGraphClient(
  { config, outbound, clock }: Pick<HubContext, 'config' | 'outbound' | 'clock'>,
  accessToken: string,
): GraphClient {
  const base = `${config.cloud.graph}/v1.0`;

  async function call(
    method: OutboundRequest['method'],
    url: string,
    body?: unknown,
  ): Promise<OutboundResponse> {
    const answer = await outbound.request(url, {
      method,
      headers: {
        authorization: `Bearer ${accessToken}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (answer.status >= firstRedirect) throw readGraphError(answer, clock.now());
    return answer;
  }

  return {
    async get(path, shape) {
      return readAnswer(await call('GET', base + path), shape);
    },

    async list<T>(path: string, shape: z.ZodType<T>) {
      const page: z.ZodType<Page<T>> = z.object({
        value: z.array(shape),
        '@odata.nextLink': z.string().optional(),
      });
      const items: T[] = [];
      let next: string | undefined = base + path;
      for (let pages = 0; next !== undefined && pages < maximumPages; pages += 1) {
        // A link to elsewhere would carry the administrator's token away.
        if (URL.parse(next)?.origin !== config.cloud.graph) throw unreadable();
        const answer: Page<T> = readAnswer(await call('GET', next), page);
        items.push(...answer.value);
        next = answer['@odata.nextLink'];
      }
      return items;
    },

    async post(path, body, shape) {
      return readAnswer(await call('POST', base + path, body), shape);
    },

    async send(method, path, body) {
      await call(method, base + path, body);
    },
  };
}

/** @returns the query that asks for the objects whose field has this value; quotes are doubled (OData 4.01 §5.1.1.6.1) */
export function filterBy(field: string, value: string): string {
  return `$filter=${encodeURIComponent(`${field} eq '${value.replaceAll("'", "''")}'`)}`;
}

function readAnswer<T>(answer: OutboundResponse, shape: z.ZodType<T>): T {
  const read = shape.safeParse(parseJson(answer.body));
  if (!read.success) throw unreadable(read.error);
  return read.data;
}

/** The outcome is as unknown as that of a call that was cut off, so it is treated alike. */
function unreadable(cause?: Error): OutboundError {
  return new OutboundError('ANSWER_UNREADABLE', 'The answer is cut off or is not one of Microsoft Graph’s.', {
    cause,
  });
}

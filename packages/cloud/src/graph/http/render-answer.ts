import type { GraphAnswer, GraphCall, GraphResource } from '../operation/graph-operation.ts';
import { readMetadataLevel, renderMetadata } from '../query/render-metadata.ts';

export interface RenderedAnswer {
  status: number;
  /** Names in their usual capitals: clients of batches look for `Content-Type` just so. */
  headers: Record<string, string>;
  body?: GraphResource | string;
}

/**
 * Gives an answer its headers and the metadata that was asked for. `Prefer: return=minimal` (RFC 7240 §4.2) leaves out
 * what was just made; its address stands in `Location` either way.
 */
export function renderAnswer(
  { serviceRoot, path, preferences }: GraphCall,
  answer: GraphAnswer,
  accept: string | undefined,
): RenderedAnswer {
  if (answer.status === 204) return { status: 204, headers: {} };
  if ('text' in answer) return { status: 200, headers: { 'Content-Type': 'text/plain' }, body: answer.text };
  const { status, body, type } = answer;
  // An upsert's path ends in the alternate key.
  const collection = path.replace(/\(.*\)$/, '');
  const location = `${new URL(serviceRoot).origin}${collection}/${String(body.id)}`;
  if (status === 201 && preferences.includes('return=minimal')) {
    return {
      status: 204,
      headers: { Location: location, 'OData-EntityId': location, 'Preference-Applied': 'return=minimal' },
    };
  }
  const level = readMetadataLevel(accept);
  return {
    status,
    headers: {
      'Content-Type': `application/json;odata.metadata=${level};odata.streaming=true;IEEE754Compatible=false;charset=utf-8`,
      'OData-Version': '4.0',
      'Cache-Control': 'no-cache',
      ...(status === 201 && { Location: location }),
    },
    body: renderMetadata(body, level, { type, serviceRoot }),
  };
}

import { isRecord } from '../../ground/json.ts';
import { withoutByteOrderMark } from '../../web/byte-order-mark.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { JsonObject } from '../records/read-payload.ts';

/**
 * Reads the body of a request.
 *
 * @param contentType the header as sent
 * @param body the body as text; undefined when there is none
 * @throws DataverseError 415 for another type than JSON, 400 for what is no JSON object
 */
export function readJsonObject(contentType: string | undefined, body: unknown): JsonObject {
  if (typeof body !== 'string' || body.trim() === '') {
    throw new DataverseError('badPayload', 'The request has no body: a JSON object was expected.');
  }
  if (!/^application\/(?:[\w.+-]*\+)?json\b/i.test(contentType ?? '')) {
    const problem = `The content type '${contentType ?? ''}' is not supported: send application/json.`;
    throw new DataverseError('unsupportedMediaType', problem);
  }
  const value = parse(body);
  if (isRecord(value)) return value;
  throw new DataverseError('badPayload', 'The body must be a JSON object.');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(withoutByteOrderMark(body));
  } catch (cause) {
    throw new DataverseError('badPayload', 'The body is not valid JSON.', { cause });
  }
}

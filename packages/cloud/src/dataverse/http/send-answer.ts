import type { FastifyReply } from 'fastify';
import { ODataSyntaxError } from '../../odata/odata-syntax-error.ts';
import type { Preferences } from '../call/preferences.ts';
import { DataverseError } from '../errors/dataverse-error.ts';
import type { Answer } from '../operations/answer.ts';

/** Sent with a Buffer: of a text, Fastify would rewrite the header's parameters. */
const jsonContentType = 'application/json; odata.metadata=minimal';

/** Sends what an operation answers. */
export function sendAnswer(reply: FastifyReply, { status, headers = {}, json, text }: Answer): FastifyReply {
  reply.code(status).headers(headers);
  if (json) return reply.header('content-type', jsonContentType).send(Buffer.from(JSON.stringify(json)));
  return text ? reply.header('content-type', text.contentType).send(text.content) : reply.send();
}

const cds = '@Microsoft.PowerApps.CDS';

/** Answers a failure in the Web API's envelope, `{"error":{"code","message"}}`. */
export function sendError(reply: FastifyReply, failure: unknown, preferences: Preferences): FastifyReply {
  const error = toDataverseError(failure);
  const { code, message } = error;
  return reply
    .code(error.status)
    .headers(error.headers)
    .header('content-type', jsonContentType)
    .send(Buffer.from(JSON.stringify({ error: { code, message, ...details(error, preferences) } })));
}

/** What `Prefer: odata.include-annotations="*"` adds to an error. */
function details({ code, message }: DataverseError, preferences: Preferences): Record<string, string> {
  if (preferences.includeAnnotations !== '*') return {};
  const shortCode = code.replace(/^0x/, '');
  return {
    [`${cds}.ErrorDetails.OperationStatus`]: '0',
    [`${cds}.HelpLink`]: `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${shortCode}&client=platform`,
    [`${cds}.TraceText`]: '',
    [`${cds}.InnerError.Message`]: message,
  };
}

function toDataverseError(failure: unknown): DataverseError {
  if (failure instanceof DataverseError) return failure;
  if (failure instanceof ODataSyntaxError) return new DataverseError('badQuery', failure.message);
  // Fastify's own refusals, known by their codes.
  const code = failure instanceof Error && 'code' in failure ? failure.code : undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new DataverseError('tooLarge', 'The request is too large.', { cause: failure });
  }
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL') {
    return new DataverseError('badUrl', 'Bad Request - Error in query syntax.', { cause: failure });
  }
  return new DataverseError('unexpected', 'An unexpected error occurred.', { cause: failure });
}

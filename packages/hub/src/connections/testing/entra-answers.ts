import type { ScriptedAnswer } from './scripted-server.ts';

export const traceId = '0000aaaa-11bb-4ccc-8d33-eeeeee333333';
const correlationId = 'aaaa0000-bb11-4222-83cc-444444dddddd';

/** An error in Entra ID's envelope. */
export function entraError(status: number, error: string, code: number, suberror?: string): ScriptedAnswer {
  const timestamp = '2026-11-22 12:00:00Z';
  const description = `AADSTS${code}: It was refused. Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}`;
  return {
    status,
    body: {
      error,
      error_description: description,
      error_codes: [code],
      timestamp,
      trace_id: traceId,
      correlation_id: correlationId,
      ...(suberror !== undefined && { suberror }),
    },
  };
}

/** An error in the envelope of the Web API. */
export function dataverseError(status: number, code: string, message: string): ScriptedAnswer {
  return { status, body: { error: { code, message } } };
}

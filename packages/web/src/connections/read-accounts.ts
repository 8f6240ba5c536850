import { type Failure, type HubClient, HubProblemError, readProblem } from '@latchkey/client';
import { FailureError } from '../failures/failure-of.ts';

/** A row of the CRM's table `accounts`, as far as it is shown. */
export interface Account {
  id: string;
  name: string | null;
  city: string | null;
  telephone: string | null;
}

/** How many accounts are read: enough to recognise the environment by. */
const firstAccounts = 5;

export const accountsPath = '/api/data/v9.2/accounts';
export const accountsQuery = { $select: 'name,address1_city,telephone1', $top: String(firstAccounts) };

/**
 * Reads the first accounts through the hub's proxy.
 * Throws HubProblemError for a failure of the hub, FailureError for one of the CRM.
 */
export async function readAccounts(client: HubClient, id: string, signal: AbortSignal): Promise<Account[]> {
  const response = await client.connections.request(id, 'GET', accountsPath, {
    headers: { accept: 'application/json' },
    query: accountsQuery,
    signal,
  });
  const problem = await readProblem(response);
  if (problem !== null) throw new HubProblemError(problem);
  const text = await response.text();
  if (!response.ok) throw new FailureError(crmFailure(response.status, text));
  return rowsOf(parse(text)).map((row) => ({
    id: textOf(row, 'accountid') ?? '',
    name: textOf(row, 'name'),
    city: textOf(row, 'address1_city'),
    telephone: textOf(row, 'telephone1'),
  }));
}

/** The failure to show for an error answer of the Web API: `{"error":{"code":"0x…","message":"…"}}`. */
function crmFailure(httpStatus: number, text: string): Failure {
  const error = propertyOf(parse(text), 'error');
  return {
    code: 'crm_refused',
    title: 'The CRM refused the read',
    detail: `The environment answered with HTTP ${httpStatus}.`,
    whoActs: 'administrator',
    remedy: 'Run the test of this connection: its steps name the cause and what to do.',
    remote: {
      system: 'dataverse',
      code: textOf(error, 'code'),
      oauthError: null,
      message: textOf(error, 'message') ?? text,
      httpStatus,
      traceId: null,
      correlationId: null,
      timestamp: null,
      helpLink: null,
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown, name: string): string | null {
  const property = propertyOf(value, name);
  return typeof property === 'string' ? property : null;
}

function rowsOf(body: unknown): unknown[] {
  const value = propertyOf(body, 'value');
  return Array.isArray(value) ? value : [];
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { guidPattern } from '@latchkey/microsoft';
import type { ScriptedAnswer } from './scripted-call.ts';
import { answerEntra, type EntraScript } from './scripted-entra.ts';
import { answerGraph, type Directory, newDirectory } from './scripted-graph.ts';

/** A call that came, as the test asserts it. `route` is without ids: `POST /applications/{id}/addPassword`. */
interface ReceivedCall {
  route: string;
  body: Record<string, unknown>;
  authorization: string | undefined;
}

/**
 * `answer` takes the place of the real one, `change` makes another of it, `meanwhile` happens before it, `cutOff` ends the
 * connection in the middle of it; with `takesEffect`, `change` and `meanwhile` the call is done all the same. `hang` never
 * answers, as if whoever asked had been killed then, and tells when it came.
 */
type Fault =
  | { meanwhile: () => Promise<unknown> }
  | { hang: () => void; takesEffect: boolean }
  | { answer: ScriptedAnswer }
  | { change: (real: ScriptedAnswer) => ScriptedAnswer }
  | { cutOff: true; takesEffect: boolean };

/** Entra ID and Graph as far as registering goes, on one port of the loopback, with faults on demand. */
export interface ScriptedMicrosoft {
  origin: string;
  directory: Directory;
  entra: EntraScript;
  calls: ReceivedCall[];
  /** The next calls of this route meet these faults, one each; `null` lets one through. */
  faults(route: string, ...faults: (Fault | null)[]): void;
  /** How often a route was called. */
  count(route: string): number;
  close(): Promise<void>;
}

const guid = new RegExp(guidPattern, 'g');
/** Instead of a route: whichever comes. */
export const anyRoute = '*';

/** @param now the time by which secrets end and are known, in epoch milliseconds */
export async function startScriptedMicrosoft(now = () => 0): Promise<ScriptedMicrosoft> {
  const directory = newDirectory(now);
  const entra: EntraScript = { deviceCode: ['pending'], tokenAnswers: [] };
  const calls: ReceivedCall[] = [];
  const faults = new Map<string, (Fault | null)[]>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://scripted');
    const isGraph = url.pathname.startsWith('/v1.0/');
    const path = url.pathname.replace('/v1.0', '');
    const route = `${request.method} ${path.replace(guid, '{id}').replace(/grant-\d+/, '{id}')}`;
    const body = parseBody(await readText(request));
    calls.push({ route, body, authorization: request.headers.authorization });
    const fault = faults.get(route)?.shift() ?? faults.get(anyRoute)?.shift() ?? null;
    if (fault && 'meanwhile' in fault) await fault.meanwhile();
    const isDone =
      fault === null ||
      'meanwhile' in fault ||
      'change' in fault ||
      ('takesEffect' in fault && fault.takesEffect);
    const call = { method: request.method ?? 'GET', path, query: url.searchParams, body };
    const real = isDone ? (isGraph ? answerGraph : answerEntra)(call, directory, entra) : { status: 500 };
    if (fault && 'hang' in fault) return fault.hang();
    const given = fault && 'answer' in fault ? fault.answer : real;
    const changed = fault && 'change' in fault ? fault.change(given) : given;
    send(response, changed, fault !== null && 'cutOff' in fault);
  }

  const server = createServer((request, response) => {
    // The hub's clock stands still in tests.
    response.sendDate = false;
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    origin: `http://127.0.0.1:${port}`,
    directory,
    entra,
    calls,
    faults: (route, ...added) => void faults.set(route, added),
    count: (route) => calls.filter((call) => call.route === route).length,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, answer: ScriptedAnswer, cutOff: boolean): void {
  const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
  // Half of what the length promises, then the end of the connection.
  const sent = cutOff ? text.slice(0, text.length / 2) : text;
  response.writeHead(answer.status, {
    ...(text !== '' && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...answer.headers,
  });
  response.write(sent, () => (cutOff ? response.destroy() : response.end()));
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}

function parseBody(text: string): Record<string, unknown> {
  if (text === '') return {};
  if (text.startsWith('{')) {
    const body: Record<string, unknown> = JSON.parse(text);
    return body;
  }
  return Object.fromEntries(new URLSearchParams(text));
}

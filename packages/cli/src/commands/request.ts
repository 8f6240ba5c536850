import { Readable } from 'node:stream';
import { text as readAll } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { connectToHub, type HubAccessOptions, resolveConnectionId } from '../hub-access.ts';
import { addHubOptions } from './hub-options.ts';

interface RequestOptions extends HubAccessOptions {
  header: string[];
  body?: string;
}

/** `latchkey request <connection> GET /api/data/v9.2/accounts` */
export function addRequestCommand(program: Command): void {
  addHubOptions(
    program
      .command('request')
      .description('call the CRM’s Web API through the hub and print the answer')
      .argument('<connection>', 'its id, or "first" for the first one')
      .argument('<method>', 'GET, POST, PATCH, DELETE, …')
      .argument('<path>', 'below the environment’s address, e.g. /api/data/v9.2/accounts')
      .option('-H, --header <header>', '"Name: value"; may be repeated', collect, [])
      .option('-b, --body <json>', 'the body, or "-" to read it from standard input'),
  ).action(async (connection: string, method: string, path: string, options: RequestOptions) => {
    const hub = await connectToHub(options);
    const id = await resolveConnectionId(hub, connection);
    const body = options.body === '-' ? await readAll(process.stdin) : options.body;
    const headers = Object.fromEntries(options.header.map(splitHeader));
    if (body !== undefined) headers['content-type'] ??= 'application/json';
    const response = await hub.connections.request(id, method.toUpperCase(), path, {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) {
      process.stderr.write(`${response.status} ${response.statusText}\n`);
      process.exitCode = 1;
    }
    if (response.body) await pipeline(Readable.fromWeb(response.body), process.stdout, { end: false });
    process.stdout.write('\n');
  });
}

function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

function splitHeader(header: string): [string, string] {
  const colon = header.indexOf(':');
  if (colon < 1) throw new Error(`"${header}" is no header: write "Name: value".`);
  return [header.slice(0, colon).trim().toLowerCase(), header.slice(colon + 1).trim()];
}

import { connect, type Socket } from 'node:net';
import { readMessages, writeFrame } from './postgres-messages.ts';
import { standBefore } from './stand-before.ts';

/**
 * Stands before a PostgreSQL and gives every so many commits and single statements of the hub's up in favour of another
 * transaction, as a distributed engine does under load (SQLSTATE 40001): nothing of what was given up is done. Other
 * programs' connections pass.
 */
export interface ContentiousRelay {
  /** The server's URL with the relay's address. */
  url: string;
  /** How much was given up until now. */
  givenUp(): number;
  close(): Promise<void>;
}

const everyCommit = 5;
const everyStatement = 7;
/** So does the hub call itself. */
const hubName = 'latchkey';

const sslRequest = 80_877_103;
const letters = { parse: 'P', query: 'Q', sync: 'S', readyForQuery: 'Z' } as const;
const headLength = 5;
const idle = 'I';

/** @param target the URL of a server on this machine, with its port */
export async function openContentiousRelay(target: string): Promise<ContentiousRelay> {
  const { hostname, port } = new URL(target);
  const standIn = standBefore(target);
  const { keep } = standIn;
  let commits = 0;
  let statements = 0;
  let givenUp = 0;

  function isGivenUp(text: string, isInTransaction: boolean): boolean {
    if (text === 'commit') {
      commits += 1;
      return commits % everyCommit === 0;
    }
    if (isInTransaction || !/^(?:select|insert|update|delete|with)\b/i.test(text)) return false;
    statements += 1;
    return statements % everyStatement === 0;
  }

  function serve(client: Socket): void {
    const server = connect(Number(port), hostname);
    keep(client);
    keep(server);
    client.once('close', () => server.destroy());
    server.once('close', () => client.destroy());
    client.once('data', (startup: Buffer) => {
      server.write(startup);
      const isHub = startup.readInt32BE(4) !== sslRequest && startup.includes(hubName);
      if (isHub) watch(client, server);
      else client.pipe(server).pipe(client);
    });
  }

  function watch(client: Socket, server: Socket): void {
    let isInTransaction = false;
    let batch: Buffer[] = [];
    let text = '';
    readMessages(server, (letter, message) => {
      if (letter === letters.readyForQuery) isInTransaction = message.toString('latin1', headLength) !== idle;
      client.write(message);
    });
    readMessages(client, (letter, message) => {
      batch.push(message);
      const words = message.toString('utf8', headLength).split('\0');
      if (letter === letters.query) text = words[0] ?? '';
      if (letter === letters.parse) text = words[1] ?? '';
      if (letter !== letters.query && letter !== letters.sync) return;
      if (isGivenUp(text, isInTransaction)) {
        givenUp += 1;
        const fields = ['SERROR', 'C40001', 'Mgiven up in favour of another transaction', ''];
        writeFrame(client, 'E', Buffer.from(`${fields.join('\0')}\0`));
        writeFrame(client, letters.readyForQuery, Buffer.from(idle));
      } else server.write(Buffer.concat(batch));
      batch = [];
      text = '';
    });
  }

  return { url: await standIn.listen(serve), givenUp: () => givenUp, close: standIn.close };
}

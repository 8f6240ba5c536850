import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { frame, readMessages } from './postgres-messages.ts';
import { standBefore } from './stand-before.ts';

/**
 * Stands before a PostgreSQL as PgBouncer does in transaction mode: each transaction, or statement outside one, goes over
 * another of few connections to the server. What belongs to a session (a prepared statement with a name, a setting, an
 * advisory lock) is found by the next one on no connection, or by somebody else.
 */
export interface TestPooler {
  /** The server's URL with the pooler's address. */
  url: string;
  close(): Promise<void>;
}

/** PgBouncer keeps these apart for each client; another one ends the connection (its `ignore_startup_parameters`). */
const knownParameters: readonly string[] = [
  'user',
  'database',
  'application_name',
  'client_encoding',
  'datestyle',
  'timezone',
  'standard_conforming_strings',
];

const serverConnections = 3;

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const protocolVersion = 196_608;
const sslRequest = 80_877_103;
const headLength = 5;
const letters = { terminate: 'X', readyForQuery: 'Z', query: 'Q', sync: 'S' } as const;
const idle = 'I';

/** One connection to the server. */
interface Backend {
  socket: Socket;
  client: Client | null;
}

/** One connection of the hub's. */
interface Client {
  socket: Socket;
  backend: Backend | null;
  /** Messages that wait for a connection to the server. */
  unsent: Buffer[];
  /** Answers that are still to come. */
  awaited: number;
}

/** @param target the URL of a server on this machine, with its port, that trusts everybody */
export async function startPooler(target: string): Promise<TestPooler> {
  const address = new URL(target);
  const standIn = standBefore(target);
  const { keep } = standIn;
  const free: Backend[] = [];
  const waiting: Client[] = [];

  async function openBackend(): Promise<void> {
    const socket = connect(Number(address.port), address.hostname);
    keep(socket);
    const backend: Backend = { socket, client: null };
    let isReady = false;
    readMessages(socket, (letter, message) => {
      const isEnd = letter === letters.readyForQuery;
      if (!isReady) {
        if (isEnd) giveBack(backend);
        isReady ||= isEnd;
        return;
      }
      const { client } = backend;
      client?.socket.write(message);
      if (!isEnd || !client) return;
      client.awaited -= 1;
      if (client.awaited === 0 && message.toString('latin1', headLength) === idle) {
        client.backend = null;
        giveBack(backend);
      }
    });
    socket.write(startupMessage(address));
    await once(socket, 'data');
  }

  function giveBack(backend: Backend): void {
    backend.client = null;
    free.push(backend);
    assign();
  }

  /** Who waits longest gets the connection that has been idle for longest, which is seldom the one it had before. */
  function assign(): void {
    while (free.length > 0 && waiting.length > 0) {
      const backend = free.shift();
      const client = waiting.shift();
      if (!backend || !client) return;
      backend.client = client;
      client.backend = backend;
      for (const message of client.unsent.splice(0)) backend.socket.write(message);
    }
  }

  function serve(socket: Socket): void {
    keep(socket);
    const client: Client = { socket, backend: null, unsent: [], awaited: 0 };
    greet(socket, () =>
      readMessages(socket, (letter, message) => {
        if (letter === letters.terminate) return;
        if (letter === letters.query || letter === letters.sync) client.awaited += 1;
        if (client.backend) {
          client.backend.socket.write(message);
          return;
        }
        client.unsent.push(message);
        if (!waiting.includes(client)) waiting.push(client);
        assign();
      }),
    );
  }

  for (let count = 0; count < serverConnections; count += 1) await openBackend();
  return { url: await standIn.listen(serve), close: standIn.close };
}

/** Takes the first message of a connection; refuses what PgBouncer would. */
function greet(socket: Socket, onReady: () => void): void {
  socket.once('data', (message: Buffer) => {
    if (message.readInt32BE(4) === sslRequest) {
      socket.write('N');
      greet(socket, onReady);
      return;
    }
    const words = message.toString('utf8', 8).split('\0');
    const refused = words.find(
      (word, index) => index % 2 === 0 && word !== '' && !knownParameters.includes(word.toLowerCase()),
    );
    if (refused !== undefined) {
      const fields = ['SFATAL', 'C08P01', `Munsupported startup parameter: ${refused}`, ''];
      socket.end(frame('E', Buffer.from(`${fields.join('\0')}\0`)));
      return;
    }
    onReady();
    socket.write(Buffer.concat([frame('R', Buffer.alloc(4)), frame('Z', Buffer.from(idle))]));
  });
}

function startupMessage({ username, pathname }: URL): Buffer {
  const parameters = Buffer.from(`user\0${username}\0database\0${pathname.slice(1)}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(protocolVersion, 4);
  return Buffer.concat([head, parameters]);
}

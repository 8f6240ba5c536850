import type { Socket } from 'node:net';

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const headLength = 5;

/** @returns a message of PostgreSQL's protocol */
export function frame(letter: string, body: Buffer): Buffer {
  const head = Buffer.alloc(headLength);
  head.write(letter, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

export function writeFrame(socket: Socket, letter: string, body: Buffer): void {
  socket.write(frame(letter, body));
}

/** Cuts what comes over a socket into whole messages. */
export function readMessages(socket: Socket, onMessage: (letter: string, message: Buffer) => void): void {
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= headLength) {
      const length = 1 + rest.readInt32BE(1);
      if (rest.length < length) return;
      onMessage(rest.toString('latin1', 0, 1), rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
}

import { createServer } from 'node:net';

const firstBasePort = 20_000;
/** Below those that Linux gives to outgoing connections (32768 and up), which come and go. */
const basePorts = 12_700;
const offsets = [0, 1, 2, 3, 4, 5, 11, 12, 13, 14];
const tries = 50;

/** A base port whose neighbours, as `latchkey start --port` takes them, are free as well. */
export async function findBasePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const base = firstBasePort + Math.floor(Math.random() * basePorts);
    const free = await Promise.all(offsets.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error(`No free ports in a row were found in ${tries} tries.`);
}

/** A port on which nothing listens. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const port = firstBasePort + Math.floor(Math.random() * basePorts);
    if (await isFree(port)) return port;
  }
  throw new Error(`No free port was found in ${tries} tries.`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Bar, judge, type Outcome } from './outcome.ts';
import { median, spreadOf } from './spread.ts';
import { startServer } from './start-server.ts';
import { withFolder } from './with-folder.ts';

/** One start of each, right after each other. */
interface Round {
  ours: number;
  reference: number;
  ratio: number;
}

/** Starts something once. @returns the milliseconds from making the process to its first answer */
export type StartOnce = () => Promise<number>;

/** Times a start against that of the bare program (see startBareProgram), in turns. */
export function compareStarts(name: string, bar: Bar, runs: number, startOurs: StartOnce): Promise<Outcome> {
  return withFolder(async (folder) => {
    const keyFile = path.join(folder, 'key.pem');
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    return compareWith(() => startBareProgram(keyFile), name, bar, runs, startOurs);
  });
}

async function compareWith(
  startBare: StartOnce,
  name: string,
  bar: Bar,
  runs: number,
  startOurs: StartOnce,
): Promise<Outcome> {
  // The first start of each finds nothing in the system's caches.
  await startOurs();
  await startBare();
  const rounds: Round[] = [];
  for (let run = 0; run < runs; run++) {
    const ours = await startOurs();
    const reference = await startBare();
    rounds.push({ ours, reference, ratio: ours / reference });
  }
  const ratioSpread = spreadOf(rounds.map(({ ratio }) => ratio));
  return {
    name,
    value: median(rounds.map(({ ours }) => ours)),
    unit: 'ms',
    reference: median(rounds.map(({ reference }) => reference)),
    ratio: ratioSpread.median,
    ratioSpread,
    bar,
    verdict: judge(ratioSpread, bar),
    beside: {},
    rounds,
  };
}

/** The least that a server which signs tokens has to do: Node starts, a key is read from disk, a port opened, one token signed. */
async function startBareProgram(keyFile: string): Promise<number> {
  const startedAt = performance.now();
  const server = await startServer<{ origin: string }>('bare-start', { keyFile });
  try {
    const answer = await fetch(server.facts.origin);
    await answer.arrayBuffer();
    return performance.now() - startedAt;
  } finally {
    await server.close();
  }
}

import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HubOptions } from '../start/hub-config.ts';
import type { WorkerOptions } from '../start/serve-worker.ts';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { dataOption } from './options.ts';
import { parseAnyPort } from './parse-port.ts';

interface ServeOptions extends HubOptions {
  workers: number;
}

/** `latchkey serve`: the hub alone, against the cloud that LATCHKEY_CLOUD names (global unless told otherwise). */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('start the hub alone, against Microsoft’s cloud')
    .addOption(dataOption())
    .option('--host <address>', 'where it listens; 0.0.0.0 is every address (default: HOST, or localhost)')
    .option('--port <number>', 'its port; 0 takes a free one (default: PORT, or 4480)', parseAnyPort)
    .addOption(
      new Option('--workers <number>', 'how many processes share the port; auto: one for each processor')
        .env('LATCHKEY_WORKERS')
        .argParser(parseWorkers)
        .default(1),
    )
    .action(async ({ workers, ...options }: ServeOptions) => {
      const stopped = waitForStop();
      if (workers > 1) {
        const { serveWithWorkers } = await import('../start/serve-with-workers.ts');
        await serveWithWorkers(options, workers, stopped);
      } else {
        const { serveHub } = await import('../start/serve-hub.ts');
        await serveHub(options, stopped);
      }
    });
  program.command('serve-worker <options>', { hidden: true }).action(async (options: string) => {
    const stopped = waitForStop();
    const { serveWorker } = await import('../start/serve-worker.ts');
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of this very program, in another process
    await serveWorker(JSON.parse(options) as WorkerOptions, stopped);
  });
}

const mostWorkers = 256;

/** @throws InvalidArgumentError */
function parseWorkers(text: string): number {
  if (text === 'auto') return availableParallelism();
  const count = Number(text);
  if (!/^\d+$/.test(text) || count < 1 || count > mostWorkers) {
    throw new InvalidArgumentError(`Write auto, or a whole number from 1 to ${mostWorkers}.`);
  }
  return count;
}

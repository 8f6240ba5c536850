import type { Command } from 'commander';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { dataOption, portOption } from './options.ts';

interface StartOptions {
  data: string;
  port: number;
  once?: boolean;
  json?: boolean;
}

/** `latchkey start`: the hub and the local Microsoft cloud in one process, and the first connection. */
export function addStartCommand(program: Command): void {
  program
    .command('start')
    .description('start the hub and the local Microsoft cloud, and make the first connection')
    .addOption(dataOption())
    .addOption(portOption('the hub’s port; the local cloud takes those after it'))
    .option('--once', 'make the first connection on a throw-away data folder, then end')
    .option('--json', 'with --once: print one JSON line instead')
    .action(async (options: StartOptions) => {
      // Servers are loaded when they are started: the other commands stay quick.
      if (options.once) {
        const { startOnce } = await import('../start/start-once.ts');
        await startOnce({ json: options.json ?? false });
      } else {
        const stopped = waitForStop();
        const { startAndServe } = await import('../start/start-and-serve.ts');
        await startAndServe({ dataFolder: options.data, port: options.port }, stopped);
      }
    });
}

import type { Command } from 'commander';
import type { HubOptions } from '../start/serve-hub.ts';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { dataOption } from './options.ts';
import { parseAnyPort } from './parse-port.ts';

/** `latchkey serve`: the hub alone, against the cloud that LATCHKEY_CLOUD names (global unless told otherwise). */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('start the hub alone, against Microsoft’s cloud')
    .addOption(dataOption())
    .option('--host <address>', 'where it listens; 0.0.0.0 is every address (default: HOST, or localhost)')
    .option('--port <number>', 'its port; 0 takes a free one (default: PORT, or 4480)', parseAnyPort)
    .action(async (options: HubOptions) => {
      const stopped = waitForStop();
      const { serveHub } = await import('../start/serve-hub.ts');
      await serveHub(options, stopped);
    });
}

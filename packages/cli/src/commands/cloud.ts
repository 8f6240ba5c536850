import type { Command } from 'commander';
import { defaultDataFolder, defaultHubPort } from '../config.ts';
import type { CloudOptions } from '../start/serve-cloud.ts';
import { parsePort } from './parse-port.ts';

/** `latchkey cloud`: the local Microsoft cloud alone, for tests of other software. */
export function addCloudCommand(program: Command): void {
  program
    .command('cloud')
    .description('start the local Microsoft cloud alone')
    .option('--data <folder>', 'where its state is kept (LATCHKEY_DATA)', defaultDataFolder)
    .option('--memory', 'keep nothing')
    .option('--port <number>', 'the port before those that it takes', parsePort, defaultHubPort)
    .option('--any-ports', 'take any free ports')
    .action(async (options: CloudOptions) => {
      const { serveCloud } = await import('../start/serve-cloud.ts');
      await serveCloud(options);
    });
}

import type { Command } from 'commander';
import { dataOption } from './options.ts';

/** `latchkey serve`: the hub alone, against the cloud that LATCHKEY_CLOUD names (global unless told otherwise). */
export function addServeCommand(program: Command): void {
  program
    .command('serve')
    .description('start the hub alone, against Microsoft’s cloud')
    .addOption(dataOption())
    .action(async ({ data }: { data: string }) => {
      const { serveHub } = await import('../start/serve-hub.ts');
      await serveHub(data);
    });
}

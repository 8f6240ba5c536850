import type { Command } from 'commander';
import { dataOption } from './options.ts';

/** `latchkey backup` and `latchkey restore`: the database of a data folder or DATABASE_URL as one file. */
export function addBackupCommands(program: Command): void {
  program
    .command('backup')
    .description('write everything into one file, while hubs go on working')
    .argument('<file>', 'the file to write; with --check, to read')
    .addOption(dataOption())
    .option('--with-keys', 'put the keys in as well: whoever has the file can then read every secret')
    .option('--check', 'read the file instead: whether it is whole, and whether the keys here open it')
    .action(async (file: string, options: { data: string; withKeys?: boolean; check?: boolean }) => {
      const { printBackupVerdict, writeHubBackup } = await import('../operate/back-up.ts');
      await (options.check ? printBackupVerdict(file, options) : writeHubBackup(file, options));
    });

  program
    .command('restore')
    .description('put a backup into an empty database; no hub may be at work on it')
    .argument('<file>', 'as latchkey backup wrote it')
    .addOption(dataOption())
    .option('--force', 'remove everything that is there')
    .action(async (file: string, options: { data: string; force?: boolean }) => {
      const { restoreHubBackup } = await import('../operate/back-up.ts');
      await restoreHubBackup(file, options);
    });
}

import { type Command, Option } from 'commander';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { dataOption } from './options.ts';

interface DataOptions {
  data: string;
}

/** `latchkey keys list|add|rotate|retire|wrap|unwrap`: the encryption keys of a data folder or DATABASE_URL, also while hubs run. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description('the keys that stored secrets are encrypted with');

  keys
    .command('list')
    .description('every key, and how many stored values need it')
    .addOption(dataOption())
    .action(async ({ data }: DataOptions) => {
      const { printKeys } = await import('../operate/change-keys.ts');
      await printKeys(data);
    });

  keys
    .command('add')
    .description('make a key that opens, and seals nothing yet')
    .addOption(dataOption())
    .action(async ({ data }: DataOptions) => {
      const { makeKey } = await import('../operate/change-keys.ts');
      await makeKey(data);
    });

  keys
    .command('rotate')
    .description('let a new key seal, and seal everything stored anew with it')
    .addOption(dataOption())
    .option('--to <id>', 'a key that was added, instead of a new one')
    .option('--now', 'seal anew here and now, not by the hubs at work')
    .action(async ({ data, to, now }: DataOptions & { to?: string; now?: boolean }) => {
      const stopping = new AbortController();
      void waitForStop().then(() => stopping.abort());
      const { changeKey } = await import('../operate/change-keys.ts');
      await changeKey(data, { keyId: to ?? null, now: now ?? false }, stopping.signal);
    });

  keys
    .command('retire')
    .description('let a key go that nothing needs any more')
    .argument('<id>', 'as latchkey keys list shows it')
    .addOption(dataOption())
    .action(async (id: string, { data }: DataOptions) => {
      const { removeKey } = await import('../operate/change-keys.ts');
      await removeKey(data, id);
    });

  const fromOption = () =>
    new Option('--from <address>', 'the key that has wrapped them, where it is not LATCHKEY_WRAPPING_KEY');
  keys
    .command('wrap')
    .description('wrap the keys of the key file by LATCHKEY_WRAPPING_KEY, by its current version')
    .addOption(dataOption())
    .addOption(fromOption())
    .action(async ({ data, from }: DataOptions & { from?: string }) => {
      const { changeWrapping } = await import('../operate/change-keys.ts');
      await changeWrapping(data, { to: 'wrapped', from: from ?? null });
    });

  keys
    .command('unwrap')
    .description('put the keys into the key file bare')
    .addOption(dataOption())
    .addOption(fromOption())
    .action(async ({ data, from }: DataOptions & { from?: string }) => {
      const { changeWrapping } = await import('../operate/change-keys.ts');
      await changeWrapping(data, { to: 'bare', from: from ?? null });
    });
}

import { type Command, Option } from 'commander';
import { defaultHubPort } from '../config.ts';
import { dataOption } from './options.ts';

/** The options of every command that speaks to a running hub. */
export function addHubOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <address>', 'the hub’s address')
        .env('LATCHKEY_URL')
        .default(`http://localhost:${defaultHubPort}`),
    )
    .addOption(dataOption())
    .addOption(new Option('--api-key <key>', 'an API key; else the data folder’s').env('LATCHKEY_API_KEY'));
}

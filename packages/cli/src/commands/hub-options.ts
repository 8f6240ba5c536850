import { type Command, Option } from 'commander';
import { apiKeyFromEnvironment, defaultDataFolder, defaultHubUrl } from '../config.ts';

/** The options of every command that speaks to a running hub. */
export function addHubOptions(command: Command): Command {
  // The key's own default stays out of the help text.
  const apiKey = new Option(
    '--api-key <key>',
    'an API key (LATCHKEY_API_KEY); else the data folder’s',
  ).default(apiKeyFromEnvironment, apiKeyFromEnvironment ? 'LATCHKEY_API_KEY' : undefined);
  return command
    .option('--url <address>', 'the hub’s address (LATCHKEY_URL)', defaultHubUrl)
    .option('--data <folder>', 'the hub’s data folder, for its API key (LATCHKEY_DATA)', defaultDataFolder)
    .addOption(apiKey);
}

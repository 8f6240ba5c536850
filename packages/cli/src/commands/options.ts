import { Option } from 'commander';
import { defaultHubPort } from '../config.ts';
import { shellOf, shells } from '../terminal/proxy-environment.ts';
import { parsePort } from './parse-port.ts';

export function dataOption(): Option {
  return new Option('--data <folder>', 'where everything is kept').env('LATCHKEY_DATA').default('data');
}

/** In which words variables are set: those of this system's usual shell, or others. */
export function shellOption(): Option {
  return new Option('--shell <name>', 'the shell that reads it')
    .choices(shells)
    .default(shellOf(process.platform));
}

export function portOption(meaning: string): Option {
  return new Option('--port <number>', meaning).env('PORT').argParser(parsePort).default(defaultHubPort);
}

import { Option } from 'commander';
import { defaultHubPort } from '../config.ts';
import { parsePort } from './parse-port.ts';

export function dataOption(): Option {
  return new Option('--data <folder>', 'where everything is kept').env('LATCHKEY_DATA').default('data');
}

export function portOption(meaning: string): Option {
  return new Option('--port <number>', meaning).env('PORT').argParser(parsePort).default(defaultHubPort);
}

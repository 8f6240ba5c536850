import { type HubConfig, loadConfig } from '@latchkey/hub';
import { environment } from '../config.ts';
import { webFolder } from './web-folder.ts';

/** What the words after `latchkey serve` say; they win over the environment. */
export interface HubOptions {
  data: string;
  host?: string;
  port?: number;
}

/** @returns the configuration of a hub that is served alone. @throws ConfigError */
export function hubConfig({ data, host, port }: HubOptions): HubConfig {
  return loadConfig(environment, {
    dataFolder: data,
    webFolder: webFolder(),
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
  });
}

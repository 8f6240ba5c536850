import { existsSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import path from 'node:path';
import { localCloudPorts } from '../config.ts';
import { formatEnvironment, proxyEnvironment, type Shell } from '../terminal/proxy-environment.ts';

interface EnvironmentOptions {
  data: string;
  port: number;
  publicHost?: string;
  shell: Shell;
}

/** Prints the lines to set variables by, and nothing else, for the local cloud that runs on these ports. */
export function printCloudEnvironment({
  data,
  port,
  publicHost = 'localhost',
  shell,
}: EnvironmentOptions): void {
  const authorityFile = path.resolve(data, 'cloud', 'ca.pem');
  if (!existsSync(authorityFile)) {
    throw Object.assign(new Error(`There is no local cloud's authority at ${authorityFile}.`), {
      remedy: 'Start `latchkey cloud` or `npm start` once on this data folder, or name another by --data.',
    });
  }
  const name = isIPv6(publicHost) ? `[${publicHost}]` : publicHost;
  const proxy = `http://${name}:${localCloudPorts(port).proxy}`;
  process.stdout.write(formatEnvironment(proxyEnvironment(proxy, authorityFile), { shell }));
}

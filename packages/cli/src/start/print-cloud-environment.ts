import { existsSync } from 'node:fs';
import path from 'node:path';
import { localCloudPorts } from '../config.ts';
import { formatEnvironment, proxyEnvironment } from '../terminal/proxy-environment.ts';

/** Prints the lines to export, and nothing else, for the local cloud that runs on these ports. */
export function printCloudEnvironment({ data, port }: { data: string; port: number }): void {
  const authorityFile = path.resolve(data, 'cloud', 'ca.pem');
  if (!existsSync(authorityFile)) {
    throw Object.assign(new Error(`There is no local cloud's authority at ${authorityFile}.`), {
      remedy: 'Start `latchkey cloud` or `npm start` once on this data folder, or name another by --data.',
    });
  }
  const proxy = `http://localhost:${localCloudPorts(port).proxy}`;
  process.stdout.write(formatEnvironment(proxyEnvironment(proxy, authorityFile)));
}

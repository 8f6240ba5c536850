import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { end, type MeasuredServer } from './start-server.ts';

const startTries = 100;
const betweenTriesMilliseconds = 20;

/** @returns nginx's program, which few have on their path; undefined when it is not on this machine */
export function findNginx(): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  return folders.map((folder) => path.join(folder, 'nginx')).find((file) => existsSync(file));
}

/** Starts nginx as a proxy: one process, as the hub is, with connections kept alive on both sides. */
export async function startNginx(
  nginx: string,
  folder: string,
  { origin, accessToken }: { origin: string; accessToken: string },
): Promise<MeasuredServer<{ origin: string }>> {
  const port = await freePort();
  const configuration = path.join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `daemon off; master_process off; pid ${folder}/nginx.pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder};
  fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  keepalive_requests 10000000;
  upstream crm { server ${new URL(origin).host}; keepalive 64; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://crm; proxy_http_version 1.1; proxy_set_header connection "";
      proxy_set_header authorization "Bearer ${accessToken}";
    }
  }
}
`,
  );
  const child = spawn(nginx, ['-c', configuration, '-p', folder], { stdio: 'inherit' });
  await untilOpen(port);
  return { facts: { origin: `http://127.0.0.1:${port}`, pid: child.pid ?? 0 }, close: () => end(child) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function untilOpen(port: number): Promise<void> {
  for (let tries = 0; tries < startTries; tries++) {
    const socket = connect(port, '127.0.0.1');
    const [opened] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'error').then(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    if (opened) return;
    await wait(betweenTriesMilliseconds);
  }
  throw new Error('nginx did not start.');
}

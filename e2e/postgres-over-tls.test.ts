import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startLocalCloud } from '@latchkey/cloud';
import { nationalCloudConfig } from '@latchkey/hub';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startPostgres, type TestPostgres } from '../packages/hub/src/testing/start-postgres.ts';
import { startHubProcess } from './support/start-hub-process.ts';

let folder: string;
let authorityFile: string;
let postgres: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-postgres-tls-'));
  // The local cloud leaves an authority behind that nobody else knows, and a server's certificate of it.
  const cloud = await startLocalCloud({ dataFolder: folder });
  await cloud.close();
  authorityFile = path.join(folder, 'ca.pem');
  postgres = await startPostgres({
    certificate: await readFile(path.join(folder, 'localhost.pem'), 'utf8'),
    privateKey: await readFile(path.join(folder, 'localhost-key.pem'), 'utf8'),
  });
});
afterAll(async () => {
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

function startHub(query: string, authorities: string) {
  return startHubProcess(
    { dataFolder: path.join(folder, 'hub'), port: 0, cloud: nationalCloudConfig('global') },
    { DATABASE_URL: `${postgres.url}?${query}`, NODE_EXTRA_CA_CERTS: authorities },
  );
}

it('a hub keeps its data in a PostgreSQL whose authority the operator names', async () => {
  const byNode = await startHub('sslmode=verify-full', authorityFile);
  const keys = await byNode.client.apiKeys.list();
  await byNode.stop();
  const byAddress = await startHub(`sslmode=verify-full&sslrootcert=${authorityFile}`, '');
  expect((await byAddress.client.apiKeys.list()).items).toHaveLength(keys.items.length + 1);
  await byAddress.stop();
});

it('a hub that does not know the authority says what to do', async () => {
  await expect(startHub('sslmode=verify-full', '')).rejects.toThrow(
    /certificate of the database server is not trusted: 127\.0\.0\.1:\d+\/postgres.+NODE_EXTRA_CA_CERTS/s,
  );
});

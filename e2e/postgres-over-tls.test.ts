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
/** Speaks no TLS. */
let plain: TestPostgres;
/** Takes nobody who comes without. */
let strict: TestPostgres;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-postgres-tls-'));
  // The local cloud leaves an authority behind that nobody else knows, and a server's certificate of it.
  const cloud = await startLocalCloud({ dataFolder: folder });
  await cloud.close();
  authorityFile = path.join(folder, 'ca.pem');
  const shown = {
    certificate: await readFile(path.join(folder, 'localhost.pem'), 'utf8'),
    privateKey: await readFile(path.join(folder, 'localhost-key.pem'), 'utf8'),
  };
  [postgres, plain, strict] = await Promise.all([
    startPostgres({ certificate: shown }),
    startPostgres(),
    startPostgres({ certificate: { ...shown, required: true } }),
  ]);
});
afterAll(async () => {
  await Promise.all([postgres, plain, strict].map((server) => server?.stop()));
  await rm(folder, { recursive: true, force: true });
});

function startHub(query: string, authorities: string, url = postgres.url) {
  return startHubProcess(
    { dataFolder: path.join(folder, 'hub'), port: 0, cloud: nationalCloudConfig('global') },
    { DATABASE_URL: `${url}?${query}`, NODE_EXTRA_CA_CERTS: authorities },
  );
}

/** The same server by a name that its certificate does not have: inet_aton(3) takes it for 127.0.0.1. */
const byAnotherName = () => postgres.url.replace('127.0.0.1', '127.1');

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

it('a hub comes to a server that wants TLS, and says so where it was not told to speak it', async () => {
  await expect(startHub('', '', strict.url)).rejects.toThrow(
    /wants TLS.*no encryption.*sslmode=verify-full/s,
  );
  await (await startHub('sslmode=require', authorityFile, strict.url)).stop();
});

it('a hub does not go on in clear where the server speaks no TLS', async () => {
  await expect(startHub('sslmode=prefer', authorityFile, plain.url)).rejects.toThrow(
    /speaks no TLS.*ssl = on.*sslmode=disable/s,
  );
  await (await startHub('sslmode=disable', authorityFile, plain.url)).stop();
});

it('a hub minds the name in the certificate, and its authority alone when told to', async () => {
  await expect(startHub('sslmode=verify-full', authorityFile, byAnotherName())).rejects.toThrow(
    /does not hold: 127\.1:\d+\/postgres \(ERR_TLS_CERT_ALTNAME_INVALID\).*sslmode=verify-ca/s,
  );
  await (await startHub('sslmode=verify-ca', authorityFile, byAnotherName())).stop();
  await expect(startHub('sslmode=verify-ca', '', byAnotherName())).rejects.toThrow(/is not trusted/);
});

it('a hub takes any certificate when told to', async () => {
  const hub = await startHub('sslmode=no-verify', '', strict.url);
  expect(hub.output()).toBe('');
  await hub.stop();
});

it('a hub that can’t read the file of the authority says which', async () => {
  await expect(startHub('sslrootcert=/nowhere/ca.pem', '')).rejects.toThrow(
    /can’t be read: \/nowhere\/ca\.pem \(ENOENT\).*inside it/s,
  );
});

import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openCertificates } from './open-certificates.ts';

const start = Date.UTC(2026, 0, 15);
const day = 24 * 60 * 60 * 1000;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'latchkey-certificates-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

const openAt = (now: number, ...further: string[]) => openCertificates({ folder, further, now });

it('keeps authority and certificate, the keys readable by their owner alone', async () => {
  const first = await openAt(start);
  expect((await readdir(folder)).toSorted()).toEqual([
    'ca-key.pem',
    'ca.pem',
    'localhost-key.pem',
    'localhost.pem',
  ]);
  for (const name of ['ca-key.pem', 'localhost-key.pem']) {
    expect((await stat(path.join(folder, name))).mode & 0o777).toBe(0o600);
  }
  expect(first.authorityFile).toBe(path.join(folder, 'ca.pem'));
  expect(await openAt(start + day)).toEqual(first);
});

it('makes a certificate that the authority signed, for the names of this machine', async () => {
  const { server, authority: issuer } = await openAt(start);
  const [certificate, authority] = [
    new X509Certificate(server.certificate),
    new X509Certificate(issuer.certificate),
  ];
  expect(authority.ca).toBe(true);
  expect(certificate.ca).toBe(false);
  expect(certificate.verify(authority.publicKey)).toBe(true);
  expect(certificate.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  expect(certificate.validToDate.getTime() - start).toBeLessThan(398 * day);
});

it('renews the certificate near its end and keeps the authority that people trust', async () => {
  const first = await openAt(start);
  const before = await openAt(start + 360 * day);
  const after = await openAt(start + 370 * day);
  expect(before).toEqual(first);
  expect(after.server.certificate).not.toBe(first.server.certificate);
  expect(after.authority.certificate).toBe(first.authority.certificate);
});

it('makes the certificate anew for a further host', async () => {
  await openAt(start);
  const { server } = await openAt(start, '192.168.1.20');
  expect(new X509Certificate(server.certificate).checkIP('192.168.1.20')).toBe('192.168.1.20');
});

it('names everything that the cloud is reached by', async () => {
  const { server } = await openAt(start, 'cloud.test', '192.0.2.7');
  expect(new X509Certificate(server.certificate).subjectAltName).toBe(
    'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:cloud.test, IP Address:192.0.2.7',
  );
});

it.each(['ca.pem', 'ca-key.pem', 'localhost.pem', 'localhost-key.pem'])(
  'replaces a damaged %s',
  async (name) => {
    await openAt(start);
    await writeFile(path.join(folder, name), 'not a certificate');
    const { server, authority: issuer } = await openAt(start);
    const authority = new X509Certificate(issuer.certificate);
    expect(new X509Certificate(server.certificate).verify(authority.publicKey)).toBe(true);
  },
);

it('shares one authority between the clouds of a process that keep nothing', async () => {
  const [first, second] = await Promise.all([
    openCertificates({ folder: null, further: [], now: Date.now() }),
    openCertificates({ folder: null, further: [], now: Date.now() }),
  ]);
  expect(second).toEqual(first);
  expect(first.authorityFile).toBeNull();
});

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { makeTemporaryFolder } from '../testing/make-temporary-folder.ts';
import { readAuthorities } from './read-authorities.ts';

const [one = '', other = ''] = rootCertificates;

function fileWith(text: string): string {
  const file = path.join(makeTemporaryFolder(), 'authorities.pem');
  writeFileSync(file, text);
  return file;
}

function readFrom(environment: Record<string, string>) {
  return readAuthorities((variable) => environment[variable] ?? null);
}

it('takes all certificates of the file, with whatever stands between them', () => {
  const file = fileWith(`# Contoso\r\n${one.replaceAll('\n', '\r\n')}\r\nsubject=…\n${other}`);
  const { extra, system } = readFrom({ NODE_EXTRA_CA_CERTS: file });
  expect(extra.map((pem) => pem.replaceAll('\r', ''))).toEqual([one, other]);
  expect(system).toBe(false);
});

it('takes the system’s store where Node is told to', () => {
  expect(readFrom({ NODE_USE_SYSTEM_CA: '1' })).toEqual({ extra: [], system: true });
  expect(readFrom({ NODE_USE_SYSTEM_CA: '0' }).system).toBe(false);
});

it.each([
  ['has no certificate', '-----BEGIN PRIVATE KEY-----', 'without a certificate'],
  ['has a broken one', `${one}\n${other.replace('MII', 'AAA')}`, 'certificate 2 is broken'],
])('refuses a file that %s', (_what, text, problem) => {
  const file = fileWith(text);
  expect(() => readFrom({ NODE_EXTRA_CA_CERTS: file })).toThrow(refusal(problem));
});

it('refuses a file that is not there', () => {
  expect(() => readFrom({ NODE_EXTRA_CA_CERTS: '/nowhere/ca.pem' })).toThrow(
    refusal('(ENOENT): /nowhere/ca.pem'),
  );
});

function refusal(problem: string) {
  return expect.objectContaining({
    name: 'ConfigError',
    variable: 'NODE_EXTRA_CA_CERTS',
    message: expect.stringContaining(problem),
    remedy: expect.stringContaining('PEM'),
  });
}

import { expect, it } from 'vitest';
import { loadConfig } from './load-config.ts';
import { mayUnwrap, parseWrappingKey } from './read-wrapping-key.ts';

const version = '0123456789abcdef0123456789abcdef';
const vault = 'https://contoso.vault.azure.net';
const arn = 'arn:aws:kms:eu-central-1:111122223333';
const uuid = '1234abcd-12ab-34cd-56ef-1234567890ab';

const read = (text: string, more: Record<string, string> = {}) =>
  loadConfig({ LATCHKEY_WRAPPING_KEY: text, ...more }).wrappingKey;

it('without the variable the key file has its keys bare', () => {
  expect(loadConfig({}).wrappingKey).toBeNull();
});

it.each([
  [`${vault}/keys/latchkey`, { address: `${vault}/keys/latchkey`, vault, name: 'latchkey', version: null }],
  [`${vault}/keys/latchkey/`, { address: `${vault}/keys/latchkey`, version: null }],
  [`${vault}/keys/a-1/${version}`, { address: `${vault}/keys/a-1/${version}`, name: 'a-1', version }],
  ['https://C.vault.azure.cn/keys/k', { vault: 'https://c.vault.azure.cn' }],
  ['https://pool.managedhsm.azure.net/keys/k', { vault: 'https://pool.managedhsm.azure.net' }],
  ['https://vault.corp.example:8443/keys/k', { vault: 'https://vault.corp.example:8443' }],
])('a key of Azure Key Vault is named by its address: %s', (text, expected) => {
  expect(read(text)).toMatchObject({ service: 'azure_key_vault', ...expected });
});

it.each([
  [
    `${arn}:key/${uuid}`,
    { id: `key/${uuid}`, place: { partition: 'aws', region: 'eu-central-1', account: '111122223333' } },
  ],
  [`${arn}:alias/prod/latchkey`, { id: 'alias/prod/latchkey' }],
  ['alias/latchkey', { id: 'alias/latchkey', place: null }],
  [
    'arn:aws-us-gov:kms:us-gov-west-1:111122223333:key/mrk-1234',
    { place: { partition: 'aws-us-gov', region: 'us-gov-west-1', account: '111122223333' } },
  ],
])('a key of AWS KMS is named by its ARN or alias: %s', (text, expected) => {
  expect(read(text)).toMatchObject({ service: 'aws_kms', address: text, ...expected });
});

it('a key of AWS KMS comes with the proxy, which the vendor’s client does not read', () => {
  const proxy = { HTTPS_PROXY: 'http://proxy.example:8080', no_proxy: 'corp.example' };
  expect(read('alias/latchkey', { ...proxy, HTTP_PROXY: 'http://proxy.example' })).toMatchObject({ proxy });
});

it.each([
  'nonsense',
  'http://contoso.vault.azure.net/keys/latchkey',
  `${vault}/secrets/latchkey`,
  `${vault}/keys/`,
  `${vault}/keys/with_underscore`,
  `${vault}/keys/${'a'.repeat(128)}`,
  `${vault}/keys/latchkey/1`,
  `${vault}/keys/latchkey/${version}/more`,
  `${vault}/keys/latchkey?api-version=7.4`,
  `${vault}/keys/latchkey#part`,
  'https://user:pass~word@contoso.vault.azure.net/keys/latchkey',
  uuid,
  `key/${uuid}`,
  `${arn}:key/`,
  `${arn}:alias/with space`,
  `arn:aws:s3:eu-central-1:111122223333:key/${uuid}`,
  `arn:aws:kms:eu-central-1:1111:key/${uuid}`,
  `arn:aws:kms::111122223333:key/${uuid}`,
  `${arn}:key/${uuid} trailing`,
])('nonsense ends the start and says what to write: %s', (text) => {
  expect(() => read(text)).toThrow(
    expect.objectContaining({
      code: 'config_invalid',
      message: 'LATCHKEY_WRAPPING_KEY is no address of a key.',
      remedy: expect.stringContaining('vault.azure.net/keys/KEY'),
    }),
  );
});

it('keys of the environment are not wrapped, and nobody is let to believe it', () => {
  expect(() => read('alias/latchkey', { LATCHKEY_KEYS: 'a:b' })).toThrow(
    expect.objectContaining({
      variable: 'LATCHKEY_WRAPPING_KEY',
      message: expect.stringContaining('LATCHKEY_KEYS'),
    }),
  );
});

it.each([
  ['the same key', `${vault}/keys/k`, `${vault}/keys/k/${version}`, true],
  ['another version', `${vault}/keys/k/${version}`, `${vault}/keys/k/${'a'.repeat(32)}`, true],
  ['another key', `${vault}/keys/k`, `${vault}/keys/other/${version}`, false],
  ['another vault', `${vault}/keys/k`, `https://evil.vault.azure.net/keys/k/${version}`, false],
  ['another service', `${vault}/keys/k`, `${arn}:key/${uuid}`, false],
  ['another service, the other way', `${arn}:key/${uuid}`, `${vault}/keys/k/${version}`, false],
  ['the same ARN', `${arn}:key/${uuid}`, `${arn}:key/${uuid}`, true],
  ['another ARN', `${arn}:key/${uuid}`, `${arn}:key/other`, false],
  ['the key behind an alias', `${arn}:alias/a`, `${arn}:key/${uuid}`, true],
  ['a key of another region than the alias', `${arn}:alias/a`, `${arn.replace('eu', 'us')}:key/x`, false],
  [
    'a key of another account than the alias',
    `${arn}:alias/a`,
    `${arn.replace('1111', '9999')}:key/x`,
    false,
  ],
  ['any key behind an alias alone', 'alias/a', `${arn}:key/${uuid}`, true],
  ['a key in another region', `${arn}:key/k`, `${arn.replace('eu', 'us')}:key/k`, false],
  ['a replica in another region', `${arn}:key/mrk-1`, `${arn.replace('eu', 'us')}:key/mrk-1`, true],
  ['a replica of another account', `${arn}:key/mrk-1`, `${arn.replace('1111', '9999')}:key/mrk-1`, false],
  [
    'a replica of another partition',
    `${arn}:key/mrk-1`,
    `${arn.replace(':aws:', ':aws-cn:')}:key/mrk-1`,
    false,
  ],
  ['nonsense', `${vault}/keys/k`, 'nonsense', false],
])('%s may be asked to unwrap, or not', (_what, configured, wrappedBy, expected) => {
  const key = parseWrappingKey(configured);
  if (!key) throw new Error('It is no address.');
  expect(mayUnwrap(key, wrappedBy)).toBe(expected);
});

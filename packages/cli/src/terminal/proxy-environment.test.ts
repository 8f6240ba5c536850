import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { formatEnvironment, proxyEnvironment, shellOf } from './proxy-environment.ts';

const proxy = 'http://localhost:4485';

it('gives each kind of client the proxy and the authority by the name that it reads', () => {
  const text = formatEnvironment(proxyEnvironment(proxy, '/data/cloud/ca.pem'), { shell: 'posix' });
  const settings = text.split('\n').filter((line) => line.startsWith('export '));
  expect(settings).toEqual([
    'export HTTPS_PROXY=http://localhost:4485',
    'export NO_PROXY=localhost,127.0.0.1,::1',
    'export NODE_EXTRA_CA_CERTS=/data/cloud/ca.pem',
    'export NODE_USE_ENV_PROXY=1',
    'export REQUESTS_CA_BUNDLE=/data/cloud/ca.pem',
    'export SSL_CERT_FILE=/data/cloud/ca.pem',
    'export CURL_CA_BUNDLE=/data/cloud/ca.pem',
  ]);
});

it('stands for a shell to read, whatever the folder is called', () => {
  const file = "/home/o'neil/my $HOME/ca.pem";
  const text = formatEnvironment(proxyEnvironment(proxy, file), { shell: 'posix' });
  const seen = execFileSync('sh', ['-c', `${text}printf %s "$SSL_CERT_FILE"`], { encoding: 'utf8' });
  expect(seen).toBe(file);
});

it('stands for PowerShell to read on Windows, where paths have other marks', () => {
  expect(shellOf('win32')).toBe('powershell');
  expect([shellOf('linux'), shellOf('darwin')]).toEqual(['posix', 'posix']);
  const file = "C:\\Users\\O'Neil\\my $data\\ca.pem";
  const text = formatEnvironment(proxyEnvironment(proxy, file), { shell: 'powershell' });
  expect(text).toContain("$env:HTTPS_PROXY = 'http://localhost:4485'\n");
  expect(text).toContain("$env:SSL_CERT_FILE = 'C:\\Users\\O''Neil\\my $data\\ca.pem'\n");
});

it.each([
  ['http://cloud.test:4485', 'localhost,127.0.0.1,::1,cloud.test'],
  ['http://[fd00::7]:4485', 'localhost,127.0.0.1,::1,fd00::7'],
])('leads to the ports of %s without the proxy', (address, direct) => {
  const [all] = proxyEnvironment(address, 'ca.pem');
  expect(all?.variables).toEqual({ HTTPS_PROXY: address, NO_PROXY: direct });
});

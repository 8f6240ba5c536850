import { getCACertificates, rootCertificates } from 'node:tls';
import { expect, it } from 'vitest';
import { createTrust } from './trusted-authorities.ts';

const [known = ''] = rootCertificates;

/** Signs nothing; nobody has its key. */
const unknown = `-----BEGIN CERTIFICATE-----
MIIBmTCCAT+gAwIBAgIUFdn1JDD4TtGvoK0wdRMNa7hJ8NIwCgYIKoZIzj0EAwIw
ITEfMB0GA1UEAwwWQW4gYXV0aG9yaXR5IG9mIG5vYm9keTAgFw0yNjEyMDEwNjIy
NTBaGA8yMTI2MTEwNzA2MjI1MFowITEfMB0GA1UEAwwWQW4gYXV0aG9yaXR5IG9m
IG5vYm9keTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABJnjdCkdZpHyIHywDUjX
Q8l6NWcIQl6BZTCVwFctVKNg7cFYyf3e6KKY3bz6JcOSdkpY9bCr+VGyolQXOt20
zLmjUzBRMB0GA1UdDgQWBBR6gEyRHkp1JZi9E2gZHW+wyt9lIzAfBgNVHSMEGDAW
gBR6gEyRHkp1JZi9E2gZHW+wyt9lIzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49
BAMCA0gAMEUCIHcMw7Ojw4tl7VBlRSNj8o48ZKWiRLF4azfe6ww7FbL7AiEAlh25
NAqSm3+F6/EsVr8XyhDZPlZ+iZSFy6sW89w+llU=
-----END CERTIFICATE-----`;

it.each([
  ['where nothing is asked for', []],
  ['where Node trusts it already, in whatever lines it is written', [known, known.replaceAll('\n', '\r\n')]],
])('leaves everything to Node %s', (_where, extra) => {
  expect(createTrust({ extra, system: false }, [])).toEqual({});
});

it('makes a context of its own for what Node does not know', () => {
  expect(createTrust({ extra: [unknown], system: false }, [])).toHaveProperty('secureContext');
  expect(createTrust({ extra: [], system: false }, [unknown])).toHaveProperty('secureContext');
});

it('takes the system’s authorities when it is told to', () => {
  const node = new Set(getCACertificates('default'));
  const isMore = getCACertificates('system').some((certificate) => !node.has(certificate));
  expect('secureContext' in createTrust({ extra: [], system: true }, [])).toBe(isMore);
});

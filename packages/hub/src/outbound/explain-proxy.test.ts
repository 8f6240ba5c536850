import { expect, it } from 'vitest';
import { explainProxyError, explainProxyRefusal } from './explain-proxy.ts';

const proxy = { origin: 'https://proxy.example', authorization: null };

it.each([
  ['SELF_SIGNED_CERT_IN_CHAIN', 'PROXY_CERTIFICATE_UNTRUSTED', 'shows a certificate of an authority'],
  ['CERT_HAS_EXPIRED', 'PROXY_UNAVAILABLE', 'shows a certificate that has ended'],
  ['EPROTO', 'PROXY_UNAVAILABLE', 'does not speak TLS'],
  ['UND_ERR_CONNECT_TIMEOUT', 'PROXY_UNAVAILABLE', 'did not answer in time'],
  ['ENOTFOUND', 'PROXY_UNAVAILABLE', 'has no address'],
])('tells %s of the proxy', (code, expected, sentence) => {
  const cause = Object.assign(new Error('x'), { code });
  expect(explainProxyError(proxy, cause)).toMatchObject({
    code: expected,
    message: expect.stringContaining(`The proxy proxy.example ${sentence}`),
    cause,
  });
});

it.each([
  [{}, 'asks for a user and a password (HTTP 407).'],
  [{ 'proxy-authenticate': 'Basic' }, '; it takes Basic (HTTP 407).'],
  [{ 'proxy-authenticate': 'basic realm="a", Digest nonce="NTLM"' }, '; it takes Basic, Digest (HTTP 407).'],
  [{ 'proxy-authenticate': 'X-Secret realm="secret"' }, 'password (HTTP 407).'],
])('names the ways to sign in that it knows, and repeats nothing else: %j', (headers, end) => {
  const { message } = explainProxyRefusal(proxy, { target: 'crm.example:443', status: 407, headers });
  expect(message.endsWith(end)).toBe(true);
  expect(message).not.toMatch(/secret|realm|nonce/i);
});

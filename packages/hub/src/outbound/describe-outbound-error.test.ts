import { expect, it } from 'vitest';
import { describeOutboundError, mayPass } from './describe-outbound-error.ts';
import { OutboundError } from './outbound-http.ts';

const called = { code: 'graph_unavailable', detail: 'Graph gave no answer.' } as const;

it.each([
  ['PROXY_AUTHENTICATION_REQUIRED', 'outbound_proxy_authentication_required', false],
  ['PROXY_REFUSED', 'outbound_proxy_refused', false],
  ['PROXY_NONSENSE', 'outbound_proxy_nonsense', false],
  ['PROXY_UNAVAILABLE', 'outbound_proxy_unavailable', true],
  ['PROXY_CERTIFICATE_UNTRUSTED', 'certificate_untrusted', false],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'certificate_untrusted', false],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'certificate_untrusted', false],
] as const)('tells %s of the way out, not of who was called', (code, expected, passes) => {
  const error = new OutboundError(code, 'What is wrong.');
  const failure = describeOutboundError(error, { ...called, side: 'token' });
  expect(failure).toMatchObject({
    code: expected,
    message: 'What is wrong.',
    options: { side: 'token', remote: { system: 'network', code, message: 'What is wrong.' } },
  });
  expect(mayPass(error)).toBe(passes);
});

it.each(['PROXY_TARGET_UNREACHABLE', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', 'constructor'])(
  'tells %s of who was called',
  (code) => {
    const error = new OutboundError(code, 'What is wrong.');
    expect(describeOutboundError(error, called)).toMatchObject({
      code: 'graph_unavailable',
      message: 'Graph gave no answer.',
      options: { remote: { code } },
    });
    expect(mayPass(error)).toBe(true);
  },
);

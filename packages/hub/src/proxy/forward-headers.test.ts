import { expect, it } from 'vitest';
import { actsOnOrigin, headersForCaller, headersForEnvironment } from './forward-headers.ts';

it('gives the environment the connection’s token and never what authorizes the caller at the hub', () => {
  const headers = headersForEnvironment(
    ['Host', 'hub', 'AUTHORIZATION', 'Bearer lk_secret', 'Cookie', 'latchkey_session=x', 'Accept', '*/*'],
    't1',
  );
  expect(headers).toEqual(['authorization', 'Bearer t1', 'Accept', '*/*']);
});

it('leaves OData headers, repeated ones and their order as the caller wrote them', () => {
  const odata = ['Prefer', 'odata.maxpagesize=2', 'If-Match', 'W/"1"', 'prefer', 'return=representation'];
  expect(headersForEnvironment(odata, 't1').slice(2)).toEqual(odata);
});

it('drops hop-by-hop headers towards the environment, those that Connection names included', () => {
  const headers = headersForEnvironment(
    [
      'X-Hop',
      '1',
      'Connection',
      'close, x-hop',
      'connection',
      'X-Other',
      'X-Other',
      '2',
      'TE',
      'trailers',
      'Accept',
      'a',
    ],
    't1',
  );
  expect(headers).toEqual(['authorization', 'Bearer t1', 'Accept', 'a']);
});

it('can’t be talked into dropping the token by a Connection header', () => {
  expect(headersForEnvironment(['Connection', 'authorization'], 't1')).toEqual([
    'authorization',
    'Bearer t1',
  ]);
});

it('drops hop-by-hop headers towards the caller, those that Connection names included', () => {
  const headers = headersForCaller({
    connection: 'keep-alive, X-Hop',
    'keep-alive': 'timeout=5',
    'transfer-encoding': 'chunked',
    'x-hop': '1',
    'odata-version': '4.0',
  });
  expect(headers).toEqual(['odata-version', '4.0']);
});

it.each(Object.values(actsOnOrigin).flat())(
  'keeps %s from the caller, which would act on the hub’s own origin',
  (name) => {
    expect(headersForCaller({ [name]: 'x' })).toEqual([]);
  },
);

it('knows the headers that act on an origin by name', () => {
  expect(Object.values(actsOnOrigin).flat()).toEqual(
    expect.arrayContaining([
      'set-cookie',
      'clear-site-data',
      'strict-transport-security',
      'public-key-pins',
      'alt-svc',
      'nel',
      'report-to',
      'reporting-endpoints',
      'accept-ch',
      'critical-ch',
      'access-control-allow-origin',
      'access-control-allow-credentials',
      'cross-origin-resource-policy',
      'service-worker-allowed',
      'refresh',
    ]),
  );
});

it('passes on what a caller has to know of the environment’s limits', () => {
  const limits = {
    'retry-after': '7',
    'x-ms-ratelimit-burst-remaining-xrm-requests': '5999',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,200.00',
    'x-ms-dop-hint': '4',
  };
  expect(headersForCaller(limits)).toEqual(Object.entries(limits).flat());
});

it('passes a repeated header on as often as it came', () => {
  expect(headersForCaller({ warning: ['199 - a', '199 - b'] })).toEqual([
    'warning',
    '199 - a',
    'warning',
    '199 - b',
  ]);
});

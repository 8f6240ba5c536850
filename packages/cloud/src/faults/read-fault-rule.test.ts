import { expect, it } from 'vitest';
import type { FaultEffect } from './fault-rule.ts';
import { readFaultRule } from './read-fault-rule.ts';

it.each<FaultEffect>([
  { kind: 'latency', milliseconds: 250 },
  { kind: 'drop_connection' },
  { kind: 'html' },
  { kind: 'html', status: 502 },
  { kind: 'cut_body' },
  { kind: 'throttle', retryAfterSeconds: 7 },
  { kind: 'server_error', status: 503, retryAfterSeconds: 1 },
])('takes %o', (effect) => {
  const rule = { service: 'crm', path: '/api/*', clientId: 'a', times: 3, share: 0.5, effect };
  expect(readFaultRule(JSON.parse(JSON.stringify(rule)))).toEqual(rule);
});

it.each([
  [null, 'A fault is a JSON object.'],
  [{}, "A fault's 'effect' is a JSON object."],
  [{ effect: { kind: 'fire' } }, "The effect's 'kind' is one of latency,"],
  [{ effect: { kind: 'server_error', status: 200 } }, "'status' is a number from 500 to 599."],
  [{ effect: { kind: 'throttle', retryAfterSeconds: 1.5 } }, "'retryAfterSeconds' is a whole number."],
  [{ effect: { kind: 'latency', milliseconds: Number.NaN } }, "'milliseconds' is a number from 0"],
  [{ effect: { kind: 'cut_body' }, times: 0 }, "'times' is a number from 1"],
  [{ effect: { kind: 'cut_body' }, service: 'portal' }, "'service' is one of entra, graph, crm, admin."],
  [{ effect: { kind: 'cut_body' }, pathname: '/' }, "A fault has no 'pathname'."],
])('says what is wrong with %o', (rule, message) => {
  expect(() => readFaultRule(rule)).toThrow(message);
});

it('keeps nothing that no effect has', () => {
  expect(readFaultRule({ effect: { kind: 'cut_body', status: 200 } })).toEqual({
    effect: { kind: 'cut_body' },
  });
});

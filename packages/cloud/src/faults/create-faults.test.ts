import { beforeEach, expect, it } from 'vitest';
import { createFaults, type FaultableRequest, type Faults } from './create-faults.ts';
import type { FaultRule } from './fault-rule.ts';

let chance: number;
let faults: Faults;
beforeEach(() => {
  chance = 0;
  let made = 0;
  faults = createFaults({
    guid: () => {
      made += 1;
      return `fault-${made}`;
    },
    fraction: () => chance,
  });
});

const tokenRequest: FaultableRequest = {
  service: 'entra',
  path: '/contoso.onmicrosoft.com/oauth2/v2.0/token',
  clientId: () => 'Client-1',
};
const drop = { kind: 'drop_connection' } as const;
const kinds = (request = tokenRequest) => faults.meet(request).map(({ kind }) => kind);

it.each<[string, Omit<FaultRule, 'effect'>, boolean]>([
  ['everything', {}, true],
  ['its service', { service: 'entra' }, true],
  ['another service', { service: 'graph' }, false],
  ['the end of the path', { path: '*/TOKEN' }, true],
  ['the middle of the path', { path: '*/oauth2/*' }, true],
  ['a part of the path without stars', { path: '/oauth2/v2.0/token' }, false],
  ['a path with characters of patterns', { path: '/contoso+onmicrosoft.com/**' }, false],
  ['its app', { clientId: 'client-1' }, true],
  ['another app', { clientId: 'client-2' }, false],
])('a rule for %s', (_name, rule, met) => {
  faults.add({ ...rule, effect: drop });
  expect(kinds()).toEqual(met ? ['drop_connection'] : []);
});

it('meets one request unless told otherwise, and is gone then', () => {
  const fault = faults.add({ effect: drop });
  expect(fault).toMatchObject({ hits: 0, remaining: 1 });
  expect(faults.areSet).toBe(true);
  expect([kinds(), kinds()]).toEqual([['drop_connection'], []]);
  expect(faults.areSet).toBe(false);
});

it('meets the next requests that it is told', () => {
  faults.add({ times: 2, effect: drop });
  kinds();
  expect(faults.list()).toMatchObject([{ hits: 1, remaining: 1 }]);
  expect([kinds(), kinds()]).toEqual([['drop_connection'], []]);
});

it('meets a share of the requests without end', () => {
  faults.add({ share: 0.25, effect: drop });
  chance = 0.25;
  expect(kinds()).toEqual([]);
  chance = 0.24;
  expect([kinds(), kinds()]).toEqual([['drop_connection'], ['drop_connection']]);
  expect(faults.list()).toMatchObject([{ hits: 2, remaining: null }]);
});

it('adds delays up and causes one other effect; the next rule waits for its turn', () => {
  faults.add({ effect: drop });
  faults.add({ effect: { kind: 'latency', milliseconds: 5 } });
  faults.add({ effect: { kind: 'cut_body' } });
  expect(kinds()).toEqual(['latency', 'drop_connection']);
  expect(kinds()).toEqual(['cut_body']);
});

it('forgets one or all', () => {
  const { id } = faults.add({ effect: drop });
  faults.add({ effect: drop });
  expect([faults.remove(id), faults.remove(id)]).toEqual([true, false]);
  expect(faults.list()).toHaveLength(1);
  faults.clear();
  expect(faults.list()).toEqual([]);
});

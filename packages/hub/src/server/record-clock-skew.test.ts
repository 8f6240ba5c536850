import { hostname } from 'node:os';
import type { HubEvent, Page } from '@latchkey/api';
import { expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';

const minute = 60_000;
const authority = 'https://login.example';

it.each([
  [-5 * minute, 'ahead of'],
  [5 * minute, 'behind'],
])('a clock that an authority’s is %i ms ahead of is an event of the hub, once a day', async (skew, way) => {
  const hub = await createTestHub();
  onTestFinished(() => hub.close());
  const { clock, context } = hub;
  const measure = async (ahead: number) => {
    const now = clock.now();
    const date = new Date(now + ahead).toUTCString();
    context.authorityClocks.observe(authority, { sentAt: now, receivedAt: now, date });
    await context.background.idle();
  };
  const events = async () =>
    (await hub.inject({ url: '/api/v1/events?kind=clock_differs' })).json<Page<HubEvent>>().items;
  await measure(0);
  expect(await events()).toEqual([]);
  await measure(skew);
  expect(await events()).toMatchObject([
    {
      summary: expect.stringMatching(
        `The clock of ${hostname()} is (299|300|301) s ${way} that of ${authority}: set it by NTP.`,
      ),
      facts: { authority },
    },
  ]);
  await measure(0);
  await measure(skew);
  expect(await events()).toHaveLength(1);
  clock.advance(24 * 60 * minute);
  await measure(0);
  await measure(skew);
  expect(await events()).toHaveLength(2);
});

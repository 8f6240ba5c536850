import type { HubEvent, Page } from '@latchkey/api';
import { expect, it, onTestFinished } from 'vitest';
import { recordEvent } from '../events/record-event.ts';
import { createTestHub } from '../testing/create-test-hub.ts';

it('tells what happened to the hub itself, and nothing of others', async () => {
  const hub = await createTestHub();
  onTestFinished(() => hub.close());
  const read = async () =>
    (await hub.inject({ method: 'GET', url: '/api/v1/events' })).json<Page<HubEvent>>().items;
  expect(await read()).toEqual([]);
  const { db } = hub.context.store;
  const hubItself = { kind: 'hub', id: 'hub' } as const;
  await recordEvent(db, hub.context, { subject: hubItself, kind: 'authority_away', summary: 'It is away.' });
  const other = { kind: 'connection', id: 'c1' } as const;
  await recordEvent(db, hub.context, { subject: other, kind: 'created', summary: 'Another.' });
  expect(await read()).toMatchObject([{ kind: 'authority_away', summary: 'It is away.' }]);
});

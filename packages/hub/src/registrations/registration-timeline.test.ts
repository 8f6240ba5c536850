import type { HubEvent, Page } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testEngines } from '../testing/test-database.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';

describe.each(testEngines)('the timeline of a registration on %s', (engine) => {
  let hub: RegistrationHub;
  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
  });
  afterEach(() => hub.close());

  const read = async (id: string) =>
    (await hub.call<Page<HubEvent>>('GET', `/registrations/${id}/events`)).items.toReversed();

  it('tells who began it, who signed in, and each state', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    const events = await read(id);
    expect(events[0]).toMatchObject({
      kind: 'created',
      facts: { by: expect.stringMatching(/^api_key:/), name: 'Latchkey' },
    });
    expect(events[1]).toMatchObject({ kind: 'signed_in', summary: expect.stringContaining('Signed in as') });
    expect(events.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
    expect(
      events.filter(({ kind }) => kind === 'state_changed').map(({ facts }) => [facts.from, facts.to]),
    ).toEqual([
      ['awaiting_sign_in', 'running'],
      ['running', 'ready'],
    ]);
  });

  it('tells at which step it failed, and Microsoft’s words', async () => {
    const { id } = await hub.begin();
    hub.microsoft.faults('POST /applications', {
      answer: {
        status: 403,
        body: { error: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' } },
      },
    });
    await hub.signIn(id);
    const failed = (await read(id)).find(({ facts }) => facts.to === 'failed');
    expect(failed?.failure).toMatchObject({
      remote: { code: 'Authorization_RequestDenied', message: 'Insufficient privileges.' },
    });
  });

  it('is there when the registration is gone, and none of what never was', async () => {
    const { id } = await hub.begin();
    await hub.inject({ method: 'DELETE', url: `/api/v1/registrations/${id}` });
    expect((await read(id)).at(-1)).toMatchObject({ kind: 'deleted' });
    const none = await hub.inject({ method: 'GET', url: '/api/v1/registrations/none/events' });
    expect(none.json()).toMatchObject({ code: 'registration_not_found' });
  });
});

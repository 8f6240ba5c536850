import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listPageByPage } from '../testing/list-page-by-page.ts';
import { initialSteps, withStep } from './registration-steps.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

describe('/api/v1/registrations', () => {
  it('answers with the documented statuses', async () => {
    const payload = { kind: 'created', name: 'Latchkey', administratorSignIn: 'browser' };
    const made = await hub.inject({ method: 'POST', url: '/api/v1/registrations', payload });
    expect(made.statusCode).toBe(201);
    const url = `/api/v1/registrations/${made.json<Registration>().id}`;
    expect((await hub.inject({ url })).statusCode).toBe(200);
    expect((await hub.inject({ method: 'POST', url: `${url}/sign-in` })).statusCode).toBe(200);
    expect((await hub.inject({ method: 'POST', url: `${url}/retry` })).statusCode).toBe(202);
    expect((await hub.inject({ method: 'POST', url: `${url}/undo` })).statusCode).toBe(200);
  });

  it('renames one that is ready, and none whose application is looked for by its name', async () => {
    const { id } = await hub.begin();
    const rename = () => hub.call('PATCH', `/registrations/${id}`, { name: 'Other' });
    expect(await rename()).toMatchObject({ status: 409, code: 'registration_state_conflict' });
    await hub.signIn(id);
    expect(await rename()).toMatchObject({ state: 'ready', name: 'Other' });
    expect((await hub.show(id)).name).toBe('Other');
  });

  it('answers nobody who is not signed in', async () => {
    const answer = await hub.app.inject({ url: '/api/v1/registrations' });
    expect(answer.statusCode).toBe(401);
  });

  it('lists the newest first, page by page', async () => {
    for (const name of ['first', 'second', 'third']) {
      await hub.begin({ name });
      hub.clock.advance(1000);
    }
    interface Page {
      items: Registration[];
      nextCursor: string | null;
    }
    const page = await hub.call<Page>('GET', '/registrations?limit=2');
    expect(page.items.map(({ name }) => name)).toEqual(['third', 'second']);
    const rest = await hub.call<Page>('GET', `/registrations?limit=2&cursor=${page.nextCursor}`);
    expect(rest).toMatchObject({ items: [{ name: 'first' }], nextCursor: null });
  });

  it('lists those made in one millisecond once each, whatever the page', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await hub.begin({ name });
    const names = await listPageByPage(hub, '/api/v1/registrations');
    expect(names.toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it.each(['', '/sign-in', '/retry', '/undo'])(
    'knows no registration that is not there: %s',
    async (action) => {
      const answer = await hub.call(action === '' ? 'GET' : 'POST', `/registrations/unknown${action}`);
      expect(answer).toMatchObject({ status: 404, code: 'registration_not_found' });
    },
  );

  it('refuses what does not fit the state', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    const conflict = { status: 409, code: 'registration_state_conflict' };
    expect(await hub.call('POST', `/registrations/${id}/retry`)).toMatchObject(conflict);
    expect(await hub.call('POST', `/registrations/${id}/sign-in`)).toMatchObject(conflict);
  });

  it('refuses to interfere with a run at work', async () => {
    const { id } = await hub.begin();
    await hub.context.store.db
      .updateTable('registrations')
      .set({
        state: 'running',
        lease_until: hub.clock.now() + 1000,
        steps: withStep({ steps: initialSteps('created', 'client_secret', false) }, 'application', {
          attempts: 1,
        }),
      })
      .execute();
    for (const action of ['sign-in', 'retry', 'undo']) {
      const answer = await hub.call('POST', `/registrations/${id}/${action}`);
      expect(answer).toMatchObject({ status: 409, code: 'registration_busy' });
    }
  });
});

import type { Registration } from '@latchkey/api';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { damageRow } from '../testing/damage-row.ts';
import { testEngines } from '../testing/test-database.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';

let hub: RegistrationHub;

afterEach(() => hub.close());

describe.each(testEngines)('a damaged registration on %s', (engine) => {
  beforeEach(async () => {
    hub = await createRegistrationHub({ engine });
  });

  it.each([
    ['steps that are cut off', { steps: '[{"name":"sig' }, 'stored_data_damaged'],
    [
      'a code that is no JSON',
      { device_code_display: 'x', device_code_expires_at: 8e12 },
      'stored_data_damaged',
    ],
    ['a link that does not open', { sealed_sign_in_link: 'v1.a.b' }, 'vault_unreadable'],
    ['a time that is none', { created_at: 1e16 }, 'stored_data_damaged'],
    ['a kind that nobody knows', { kind: 'found' }, 'stored_data_damaged'],
    ['a state that nobody knows', { state: 'resting' }, 'stored_data_damaged'],
    ['an audience that nobody knows', { sign_in_audience: 'Everybody' }, 'stored_data_damaged'],
    ['nothing that is known', { kind: 'found', state: 'resting', steps: '{}' }, 'stored_data_damaged'],
  ])('is shown beside the others and can be undone: %s', async (_what, values, code) => {
    const { id } = await hub.begin({ name: 'damaged' });
    await hub.begin({ name: 'sound' });
    await damageRow(hub, 'registrations', { id }, values);

    const { items } = await hub.call<{ items: Registration[] }>('GET', '/registrations');
    expect(items.map(({ name }) => name).toSorted()).toEqual(['damaged', 'sound']);
    expect(items.find(({ name }) => name === 'damaged')).toMatchObject({
      state: 'failed',
      failure: { code },
    });
    expect(await hub.show(id)).toMatchObject({ state: 'failed', failure: { code } });

    expect(await hub.call('POST', `/registrations/${id}/undo`)).toMatchObject({ state: 'undone' });
  });

  it('tells by its id what is to be deleted by hand, when the steps can’t be read', async () => {
    const { id } = await hub.begin();
    await hub.signIn(id);
    const { clientId } = await hub.show(id);
    await damageRow(hub, 'registrations', { id }, { steps: 'x' });
    const { steps } = await hub.call('POST', `/registrations/${id}/undo`);
    expect(steps.find(({ name }) => name === 'application')?.detail).toContain(clientId);
  });
});

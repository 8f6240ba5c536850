import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRegistration } from './find-registration.ts';
import { withStep } from './registration-steps.ts';
import { beginAgain } from './sign-in-again.ts';
import { createRegistrationHub, type RegistrationHub } from './testing/create-registration-hub.ts';

let hub: RegistrationHub;

beforeEach(async () => {
  hub = await createRegistrationHub();
});
afterEach(() => hub.close());

describe('beginAgain', () => {
  it('is not disturbed by a poll that renewed its lease meanwhile', async () => {
    const { id } = await hub.begin();
    const row = await findRegistration(hub.context, id);
    await hub.context.store.db
      .updateTable('registrations')
      .set({ version: row.version + 1, lease_until: hub.clock.now() + 1000 })
      .execute();
    const begun = await beginAgain(hub.context, row, 'browser');
    expect(begun).toMatchObject({ state: 'awaiting_sign_in', version: row.version + 2, lease_until: 0 });
  });

  it('gives way when the administrator has signed in meanwhile', async () => {
    const { id } = await hub.begin();
    const row = await findRegistration(hub.context, id);
    await hub.context.store.db
      .updateTable('registrations')
      .set({ steps: withStep(row, 'sign_in', { state: 'done' }), version: row.version + 1 })
      .execute();
    await expect(beginAgain(hub.context, row, 'browser')).rejects.toMatchObject({
      code: 'registration_busy',
    });
  });
});

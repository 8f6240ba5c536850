import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { millisecondsPerDay, millisecondsPerMinute } from '../../ground/durations.ts';
import { testEngines } from '../../testing/test-database.ts';
import { hasAdministratorToken } from '../administrator-token.ts';
import { findRegistration } from '../find-registration.ts';
import { claimRegistration } from '../registration-lease.ts';
import { resumeRegistrations } from '../resume-registrations.ts';
import { createRegistrationHub, type RegistrationHub } from '../testing/create-registration-hub.ts';
import { keepUpNow } from '../testing/keep-up-until.ts';
import { entraError } from '../testing/scripted-entra.ts';
import { graphError } from '../testing/scripted-graph.ts';

const day = millisecondsPerDay;
const ahead = 90 * day;
const addPassword = 'POST /applications/{id}/addPassword';

describe.each(testEngines)(
  'a registration of a hub whose clock was months ahead for a minute, on %s',
  (engine) => {
    let hub: RegistrationHub;
    let id: string;

    beforeEach(async () => {
      hub = await createRegistrationHub({ engine });
      ({ id } = await hub.begin({ secretLifetimeDays: 700 }));
      await hub.signIn(id);
      const application = hub.microsoft.directory.applications[0];
      if (application) application.roles = ['Application.ReadWrite.OwnedBy'];
    });
    afterEach(() => hub.close());

    async function whileWrong(work: () => Promise<unknown>): Promise<void> {
      hub.clock.advance(ahead);
      await work();
      hub.clock.advance(millisecondsPerMinute - ahead);
    }
    const row = () => findRegistration(hub.context, id);

    it('is looked after again at once, and then once a day', async () => {
      await whileWrong(() => keepUpNow(hub, id));
      expect((await row()).next_check_at).toBeGreaterThan(hub.clock.now() + day);
      await keepUpNow(hub, id);
      expect(await row()).toMatchObject({
        checked_at: hub.clock.now(),
        next_check_at: hub.clock.now() + day,
      });
    });

    it('is not asked about again and again for an alarm that was raised then', async () => {
      const refused = entraError(401, 'invalid_client', 7000215);
      const refusals = () =>
        hub.microsoft.entra.tokenAnswers.push(...Array.from({ length: 40 }, () => refused));
      refusals();
      await whileWrong(() => keepUpNow(hub, id));
      expect((await row()).secret_alarm_at).toBeGreaterThan(hub.clock.now());
      const before = hub.microsoft.entra.tokenAnswers.length;
      await keepUpNow(hub, id);
      expect(before - hub.microsoft.entra.tokenAnswers.length).toBeLessThanOrEqual(1);
    });

    it('tries a rotation again at once that was put off then', async () => {
      await keepUpNow(hub, id);
      hub.microsoft.faults(addPassword, { answer: graphError(503, 'ServiceNotAvailable', 'Later.') });
      await whileWrong(async () => {
        await hub.call('POST', `/registrations/${id}/rotate`);
        await keepUpNow(hub, id);
      });
      expect((await row()).rotation_step).toBe('adding');
      await keepUpNow(hub, id);
      expect((await row()).rotation_step).toBe('retiring');
    });

    it('has the grace time of its old secret anew, after which that is removed', async () => {
      await keepUpNow(hub, id);
      await whileWrong(async () => {
        await hub.call('POST', `/registrations/${id}/rotate`);
        await keepUpNow(hub, id);
      });
      // Microsoft’s clock was right all the time.
      for (const secret of hub.microsoft.directory.applications[0]?.passwordCredentials ?? [])
        secret.knownAt = 0;
      const kept = () => hub.microsoft.directory.applications[0]?.passwordCredentials.length;
      await keepUpNow(hub, id);
      expect([kept(), (await row()).rotated_at]).toEqual([2, hub.clock.now()]);
      hub.clock.advance(day);
      await keepUpNow(hub, id);
      expect(kept()).toBe(1);
    });

    it('is not held by a run that took it then and was killed', async () => {
      await whileWrong(() => claimRegistration(hub.context, id, new AbortController().signal));
      expect(await claimRegistration(hub.context, id, new AbortController().signal)).toBeDefined();
    });

    it('has no administrator’s token that would live for months', async () => {
      const { origin } = hub.microsoft;
      const token = {
        sealed_administrator_token: origin,
        administrator_token_expires_at: hub.clock.now() + ahead,
      };
      await hub.context.store.db.updateTable('registrations').set(token).execute();
      expect(hasAdministratorToken(await row(), hub.clock.now())).toBe(false);
      await resumeRegistrations(hub.context);
      await hub.context.background.idle();
      expect((await row()).sealed_administrator_token).toBeNull();
    });

    it('is taken up at the start within the length of a lease, whatever the clock says', async () => {
      await hub.context.store.db
        .updateTable('registrations')
        .set({ state: 'running', lease_owner: 'killed', lease_until: hub.clock.now() + ahead })
        .execute();
      await resumeRegistrations(hub.context);
      await hub.context.background.idle();
      expect(hub.waits[0]).toBe(30_000);
    });
  },
);

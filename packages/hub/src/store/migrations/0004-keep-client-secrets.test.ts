import { describe, expect, it } from 'vitest';
import { makeStorePlace, openTestStore } from '../../testing/open-test-store.ts';
import { testEngines } from '../../testing/test-database.ts';
import { keepClientSecrets } from './0004-keep-client-secrets.ts';

describe.each(testEngines)('registrations of an earlier version, on %s', (engine) => {
  it('are looked after from now on when they are ready, and keep what falls due already', async () => {
    const { db } = await openTestStore(await makeStorePlace(engine));
    const made = {
      kind: 'adopted',
      name: 'Old',
      sign_in_audience: 'AzureADMyOrg',
      redirect_uri: '',
    } as const;
    const blank = {
      ...made,
      authority_tenant: 'contoso',
      admin_consent_granted: 0,
      credential_kind: 'secret',
      secret_lifetime_days: 0,
      administrator_sign_in: 'browser',
      steps: '[]',
      version: 0,
      lease_until: 0,
      created_at: 0,
      updated_at: 0,
    } as const;
    // The migration gives the other columns their usual values.
    const rows = ['ready', 'known', 'waiting'].map((id) => ({
      ...blank,
      id,
      state: id === 'waiting' ? ('awaiting_sign_in' as const) : ('ready' as const),
      rotation_policy: 'automatic' as const,
      rotation_days_before_end: 30,
      rotation_grace_hours: 24,
      rotation_tries: 0,
    }));
    await db.insertInto('registrations').values(rows).execute();
    const known = { kind: 'registration', subject_id: 'known', due_at: 7, claimed_until: 0 };
    await db.insertInto('due_work').values(known).execute();
    await keepClientSecrets(db);
    await keepClientSecrets(db);
    const due = await db
      .selectFrom('due_work')
      .select(['subject_id', 'due_at'])
      .orderBy('subject_id')
      .execute();
    expect(due).toEqual([
      { subject_id: 'known', due_at: 7 },
      { subject_id: 'ready', due_at: 0 },
    ]);
  });
});

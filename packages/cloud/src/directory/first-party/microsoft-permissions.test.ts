import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { wellKnownIds } from '@latchkey/microsoft';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTestEntra, type TestEntra } from '../../entra/testing/open-test-entra.ts';
import { microsoftPermissions } from './microsoft-permissions.ts';

let entra: TestEntra;
beforeEach(() => {
  vi.spyOn(fs, 'readFileSync');
  syncBuiltinESMExports();
});
afterEach(async () => {
  await entra.close();
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** The files of permissions that were read so far. */
const filesRead = () =>
  vi.mocked(fs.readFileSync).mock.calls.flatMap(([file]) => /[^/]+\.tsv$/.exec(String(file)) ?? []);

it('reads nothing for a start and an app’s own token, and a service’s file once when it is asked for', async () => {
  entra = await openTestEntra();
  const app = entra.createApp();
  const { status } = await entra.post('/oauth2/v2.0/token', {
    grant_type: 'client_credentials',
    client_id: app.clientId,
    client_secret: app.secret,
    scope: 'https://graph.microsoft.com/.default',
  });
  expect(status).toBe(200);
  expect(filesRead()).toEqual([]);
  expect(microsoftPermissions(wellKnownIds.powerBi)?.roles).toHaveLength(2);
  expect(microsoftPermissions(wellKnownIds.powerBi)?.scopes).toHaveLength(24);
  expect(microsoftPermissions(wellKnownIds.dynamicsCrm)?.scopes).toHaveLength(1);
  expect(microsoftPermissions(app.clientId)).toBeUndefined();
  expect(filesRead()).toEqual(['power-bi.tsv']);
});

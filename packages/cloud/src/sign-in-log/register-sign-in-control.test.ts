import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LocalCloud, startLocalCloud } from '../start-local-cloud.ts';

let cloud: LocalCloud;
beforeAll(async () => {
  cloud = await startLocalCloud({ adminApi: true });
});
afterAll(() => cloud.close());

it('tells other processes who was refused, and forgets it', async () => {
  await fetch(`${cloud.entra.http}/contoso.onmicrosoft.com/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'app', grant_type: 'magic' }),
  });
  const url = `${cloud.entra.http}/_latchkey/sign-ins`;
  const told = await (await fetch(url)).text();
  expect(JSON.parse(told)).toMatchObject({
    signIns: [{ version: 1, clientId: 'app', grant: 'magic', outcome: 'refused', aadstsCode: 70003 }],
  });
  expect((await fetch(url, { method: 'DELETE' })).status).toBe(204);
  expect(cloud.signIns.list()).toEqual([]);
});

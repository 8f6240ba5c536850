import { expect, it } from 'vitest';
import { setTenantPolicy } from '../../directory/tenant-policy.ts';
import { everyScope, openGraph } from '../testing/open-graph.ts';

it('makes no secrets that the tenant forbids, or that would live too long', async () => {
  const graph = await openGraph();
  const token = await graph.personToken('admin', everyScope);
  const { body } = await graph.call(token, 'POST', '/applications', { displayName: 'Integration' });
  const addPassword = () => graph.call(token, 'POST', `/applications/${body.id}/addPassword`, {});
  const { directory } = graph.context;
  setTenantPolicy(directory, graph.tenantId, { longestSecretDays: 180 });
  const long = await addPassword();
  expect([long.status, long.body.error.code]).toEqual([400, 'CredentialInvalidLifetimeAsPerAppPolicy']);
  setTenantPolicy(directory, graph.tenantId, { longestSecretDays: null, clientSecrets: 'forbidden' });
  const any = await addPassword();
  expect([any.status, any.body.error.code]).toEqual([400, 'CredentialTypeNotAllowedAsPerAppPolicy']);
  setTenantPolicy(directory, graph.tenantId, { clientSecrets: 'allowed' });
  expect((await addPassword()).status).toBe(200);
});

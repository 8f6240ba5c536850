import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type ConnectionHub,
  createConnectionHub,
  makeManualConnection,
  showConnection,
} from '../connections/testing/create-connection-hub.ts';
import { HubError } from '../errors/hub-error.ts';
import { recordFailure, recordProof, recordTokenSuccess } from './record-evidence.ts';

describe('the evidence of a connection', () => {
  let hub: ConnectionHub;
  let connectionId: string;

  beforeEach(async () => {
    hub = await createConnectionHub();
    connectionId = (await makeManualConnection(hub)).id;
  });
  afterEach(() => hub.close());

  const fail = (code: ConstructorParameters<typeof HubError>[0]) =>
    recordFailure(hub.context, connectionId, new HubError(code));
  const proveByCrm = () => recordProof(hub.context, connectionId);
  const proveByToken = () => recordTokenSuccess(hub.context.store.db, connectionId);
  const failureCode = async () => (await showConnection(hub, connectionId)).status.failure?.code ?? null;

  it.each<[ConstructorParameters<typeof HubError>[0], string | null, string | null]>([
    ['connection_needs_sign_in', 'connection_needs_sign_in', null],
    ['token_endpoint_unavailable', 'token_endpoint_unavailable', null],
    ['crm_refused', null, 'crm_refused'],
    ['crm_timeout', null, 'crm_timeout'],
    ['registration_not_ready', null, null],
  ])('%s: after an answer of the CRM %s, after a new token %s', async (code, afterCrm, afterToken) => {
    await fail(code);
    await proveByCrm();
    expect(await failureCode()).toBe(afterCrm);
    await fail(code);
    await proveByToken();
    expect(await failureCode()).toBe(afterToken);
  });

  it('does not let a failure of the CRM hide that Microsoft refuses tokens', async () => {
    await fail('client_secret_expired');
    await fail('crm_timeout');
    expect(await failureCode()).toBe('client_secret_expired');
  });

  it('lets a refusal by Microsoft take the place of a failure of the CRM', async () => {
    await fail('crm_timeout');
    await fail('client_secret_expired');
    expect(await failureCode()).toBe('client_secret_expired');
  });

  it('is not kept of a connection that was deleted meanwhile', async () => {
    await hub.inject({ method: 'DELETE', url: `/api/v1/connections/${connectionId}` });
    await expect(Promise.all([fail('crm_timeout'), proveByCrm(), proveByToken()])).resolves.toBeDefined();
  });
});

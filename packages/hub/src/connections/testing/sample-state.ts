import type { ConnectionEvidence } from '../../evidence/compute-status.ts';
import { dynamics365 } from '../../providers/dynamics-365/dynamics-365.ts';
import { nextRefreshAt } from '../../tokens/judge-token-state.ts';
import type { TokenState } from '../../tokens/read-token-state.ts';

export const sampleNow = Date.UTC(2026, 10, 2, 9);

const hour = 3_600_000;

/** A proven connection by sign-in with an hour's token of half an hour ago; change what the test is about. */
export function sampleState(
  connection: Partial<TokenState['connection']> = {},
  tokenSet: Partial<TokenState['tokenSet']> = {},
): TokenState {
  return {
    sealedCredential: null,
    credentialKind: 'none',
    connection: {
      id: 'connection-1',
      provider: 'dynamics-365',
      name: 'Microsoft Dynamics 365 CRM',
      description: '',
      method: 'sign_in',
      environment_url: 'https://contoso.crm4.dynamics.com',
      tenant_id: null,
      client_id: 'client-1',
      registration_id: null,
      sealed_client_secret: null,
      sealed_private_key: null,
      certificate: null,
      endpoint_version: 'v2',
      token_url: null,
      request_timeout_seconds: 20,
      disabled: 0,
      user_name: 'alice@contoso.example',
      identity_notice: null,
      last_proven_at: sampleNow - hour / 4,
      last_failure: null,
      last_failure_at: null,
      failure_state: null,
      next_try_at: null,
      failed_tries: 0,
      state: null,
      state_since: null,
      proof_told_at: null,
      organization_id: null,
      last_used_at: null,
      created_at: sampleNow - hour,
      updated_at: sampleNow - hour,
      ...connection,
    },
    tokenSet: {
      connection_id: 'connection-1',
      version: 1,
      sealed_access_token: 'sealed',
      sealed_refresh_token: 'sealed',
      access_token_digest: 'AAAA',
      obtained_at: sampleNow - hour / 2,
      expires_at: sampleNow + hour / 2,
      refresh_token_obtained_at: sampleNow - hour / 2,
      refresh_token_expires_at: null,
      facts: null,
      lease_owner: null,
      lease_until: 0,
      lease_fence: 1,
      rejected_in_a_row: 0,
      ...tokenSet,
    },
  };
}

/** The same as evidence. */
export function sampleEvidence(...parts: Parameters<typeof sampleState>): ConnectionEvidence {
  const state = sampleState(...parts);
  const times = { nextRefreshAt: nextRefreshAt(state), nextProofAt: null, provenUntil: null, rejected: null };
  return { ...state, service: dynamics365.title, ...times };
}

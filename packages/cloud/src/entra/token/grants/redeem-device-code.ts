import { aadsts } from '@latchkey/microsoft';
import type { Parameters } from '../../../web/parse-form.ts';
import { authenticateClient } from '../../clients/authenticate-client.ts';
import type { EntraContext } from '../../entra-context.ts';
import { EntraError } from '../../errors/entra-error.ts';
import { requireParameter } from '../../http/require-parameter.ts';
import { findDeviceCode, moveDeviceCode } from '../../stored/device-codes.ts';
import { requireGrantOfClient, requireHolder, requireSameTenant } from '../check-grant.ts';
import { issueUserTokens, type UserTokens } from '../issue-user-tokens.ts';
import type { TokenRequest } from '../token-request.ts';

/**
 * A device's question whether somebody approved it (RFC 8628 §3.4).
 *
 * @throws EntraError 70016 not yet, 65004 declined, 70018 unknown or used, 70019 too old,
 * 70000 another client's, 700005 another tenant's, 7000218 not a public client
 */
export async function redeemDeviceCode(context: EntraContext, request: TokenRequest): Promise<UserTokens> {
  const { form, tenantScope, version } = request;
  const code = findDeviceCode(context, readDeviceCode(version, form));
  requireGrantOfClient(context, request, code?.request.clientId);
  if (!code) throw new EntraError(aadsts.badVerificationCode);
  if (code.isExpired) throw new EntraError(aadsts.expiredVerificationCode);
  if (code.status === 'declined')
    throw new EntraError(aadsts.userDeclinedConsent, {}, { error: 'authorization_declined' });
  if (code.status === 'redeemed') throw new EntraError(aadsts.badVerificationCode);
  if (!code.approval) throw new EntraError(aadsts.authorizationPending);
  const { client, tenant, user } = requireHolder(context, {
    ...code.approval,
    clientId: code.request.clientId,
    scope: code.request.scope,
    issuedAt: code.createdAt,
  });
  const strength = authenticateClient(context, request, client.application, 'by_registration');
  requireSameTenant(tenantScope, tenant);
  return issueUserTokens(
    context,
    request,
    {
      client,
      strength,
      tenant,
      user,
      sessionId: code.approval.sessionId,
      signedInAt: code.approval.signedInAt,
      methods: code.approval.methods,
      scope: code.request.scope,
      platform: strength === '0' ? 'publicClient' : 'web',
      nonce: undefined,
      endsAt: null,
    },
    () => {
      if (!moveDeviceCode(context, code.hash, { from: 'approved', to: 'redeemed' })) {
        throw new EntraError(aadsts.badVerificationCode);
      }
    },
  );
}

// v1 calls the field `code`.
function readDeviceCode(version: TokenRequest['version'], form: Parameters): string {
  const code = version === 1 ? form.get('code') : undefined;
  return code ?? requireParameter(form, 'device_code');
}

import { genericGrantRequest } from 'openid-client';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { requestToken } from '../token-endpoint/request-token.ts';
import { administratorClient } from './administrator-client.ts';
import { signedInChange } from './administrator-token.ts';
import { decideDevicePoll, deviceCodeExpired } from './decide-device-poll.ts';
import { failRegistration } from './fail-registration.ts';
import { changeUnderLease, type RegistrationRun, waitUnderLease } from './registration-lease.ts';
import { readSteps } from './registration-steps.ts';
import { deviceCodePlace, readDeviceCodeDisplay } from './request-device-code.ts';

const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code';

/**
 * Asks at the interval that Entra ID named whether the administrator has entered the code, until the sign-in is done,
 * refused, or out of time (RFC 8628 §3.4). A fresh code in the row ends this run at its next write.
 */
export async function pollDeviceCode(run: RegistrationRun, sealedDeviceCode: string): Promise<void> {
  const { context } = run;
  const { cloud } = context.config;
  const deviceCode = context.vault.open(sealedDeviceCode, deviceCodePlace(run.row.id));
  const client = administratorClient(cloud, run.row.authority_tenant);
  let { intervalSeconds } = readDeviceCodeDisplay(run.row.device_code_display ?? '');

  for (;;) {
    if ((run.row.device_code_expires_at ?? 0) <= context.clock.now()) {
      return failRegistration(run, 'sign_in', deviceCodeExpired(), sinceSignInBegan(run));
    }
    const outcome = await requestToken(context, client, 'authorization_code', (configuration) =>
      genericGrantRequest(configuration, deviceCodeGrant, { device_code: deviceCode }),
    );
    const poll = decideDevicePoll(outcome, intervalSeconds);
    if (poll.next === 'signed_in') {
      return changeUnderLease(run, signedInChange(context, run.row, poll.answer));
    }
    if (poll.next === 'failed') {
      return failRegistration(run, 'sign_in', poll.failure, sinceSignInBegan(run));
    }
    ({ intervalSeconds } = poll);
    await waitUnderLease(run, intervalSeconds * millisecondsPerSecond);
  }
}

function sinceSignInBegan({ row, context }: RegistrationRun): number | null {
  const startedAt = readSteps(row).find(({ name }) => name === 'sign_in')?.startedAt;
  return startedAt === undefined || startedAt === null ? null : context.clock.now() - startedAt;
}

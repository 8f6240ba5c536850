import { z } from 'zod';
import { HubError } from '../errors/hub-error.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { firstRedirect } from '../ground/http-status.ts';
import { readLifetimeSeconds } from '../ground/outside-values.ts';
import { parseJson, readColumn } from '../ground/read-json.ts';
import type { HubContext } from '../hub-context.ts';
import { OutboundError } from '../outbound/outbound-http.ts';
import type { RegistrationRow } from '../store/schema.ts';
import {
  describeTokenNetworkFailure,
  describeTokenRefusal,
  isOAuthError,
} from '../token-endpoint/describe-token-failure.ts';
import { entraEndpoints } from '../token-endpoint/entra-endpoints.ts';
import { administratorClient, administratorScope } from './administrator-client.ts';
import type { RegistrationChange } from './change-registration.ts';

const usualLifetimeSeconds = 15 * 60;
const usualIntervalSeconds = 5;

function lifetime(usual: number) {
  return z.unknown().transform((value) => readLifetimeSeconds(value) ?? usual);
}

/** RFC 8628 §3.2, with Microsoft's `message`; what is left out or unusable of the times is as usual: 15 minutes, 5 seconds. */
const deviceAuthorization = z.object({
  device_code: z.string().min(1),
  user_code: z.string().min(1),
  verification_uri: z.url({ protocol: /^https?$/ }),
  expires_in: lifetime(usualLifetimeSeconds),
  interval: lifetime(usualIntervalSeconds),
  message: z.string().catch(''),
});

const displaySchema = z.object({
  userCode: z.string(),
  verificationUri: z.string(),
  message: z.string(),
  intervalSeconds: z.number(),
});
/** What a person is shown; none of it is a secret. */
type DeviceCodeDisplay = z.output<typeof displaySchema>;

/** @throws Error for a text that is none */
export function readDeviceCodeDisplay(text: string): DeviceCodeDisplay {
  return readColumn(displaySchema, text, 'registrations.device_code_display');
}

/**
 * Asks for a device code for the administrator (RFC 8628 §3.1).
 *
 * @returns what the registration keeps of it: the code sealed, the display in clear
 * @throws HubError `token_endpoint_unavailable`, `token_endpoint_nonsense`, or Microsoft's refusal
 */
export async function requestDeviceCode(
  { config, outbound, vault, clock }: Pick<HubContext, 'config' | 'outbound' | 'vault' | 'clock'>,
  registration: Pick<RegistrationRow, 'id' | 'authority_tenant' | 'administrator_task' | 'state' | 'steps'>,
): Promise<RegistrationChange> {
  const { cloud } = config;
  const tenant = registration.authority_tenant;
  const answer = await outbound
    .request(entraEndpoints(cloud.authority, tenant, 'v2').deviceAuthorizationEndpoint, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        client_id: administratorClient(cloud, tenant).clientId,
        scope: administratorScope(cloud, registration),
      }).toString(),
    })
    .catch((error: unknown) => {
      throw error instanceof OutboundError ? describeTokenNetworkFailure(error) : error;
    });
  if (answer.status >= firstRedirect || isOAuthError(answer)) {
    throw describeTokenRefusal('authorization_code', answer);
  }
  const read = deviceAuthorization.safeParse(parseJson(answer.body));
  if (!read.success) {
    throw new HubError('token_endpoint_nonsense', {
      detail: 'The answer to the request for a device code is cut off or none of Microsoft’s.',
      cause: read.error,
    });
  }
  const { device_code, user_code, verification_uri, expires_in, interval, message } = read.data;
  const display: DeviceCodeDisplay = {
    userCode: user_code,
    verificationUri: verification_uri,
    message,
    intervalSeconds: interval,
  };
  return {
    device_code_display: JSON.stringify(display),
    sealed_device_code: vault.seal(device_code, deviceCodePlace(registration.id)),
    device_code_expires_at: Math.round(clock.now() + expires_in * millisecondsPerSecond),
  };
}

/** Where a sealed device code belongs; a value moved to another row or column does not open. */
export function deviceCodePlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_device_code`;
}

import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';
import { approveDeviceCode } from './approve-device-code.ts';
import type { RegisteredApp } from './register-app.ts';

/** Lets an app into the CRM as itself, as an administrator of the CRM does. The app must allow device codes. */
export async function addApplicationUser(
  cloud: LocalCloud,
  app: Pick<RegisteredApp, 'tenantId' | 'clientId'>,
): Promise<void> {
  const token = await administratorToken(cloud, app);
  const response = await fetch(`${cloud.crm.http}/api/data/v9.2/systemusers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ applicationid: app.clientId }),
  });
  if (!response.ok) throw new Error(`The CRM answered ${response.status}: ${await response.text()}`);
}

async function administratorToken(
  cloud: LocalCloud,
  { tenantId, clientId }: Pick<RegisteredApp, 'tenantId' | 'clientId'>,
): Promise<string> {
  const endpoints = `${cloud.entra.http}/${tenantId}/oauth2/v2.0`;
  const post = async (name: string, form: Record<string, string>) => {
    const response = await fetch(`${endpoints}/${name}`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: clientId, ...form }),
    });
    const answer = (await response.json()) as Record<string, string>;
    if (!response.ok) throw new Error(answer.error_description);
    return answer;
  };
  const codes = await post('devicecode', { scope: `${cloud.crm.http}/user_impersonation` });
  const page = { address: codes.verification_uri ?? '', userCode: codes.user_code ?? '' };
  await approveDeviceCode(page, { userName: seededUsers.administrator, password: seededPassword });
  const tokens = await post('token', {
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    device_code: codes.device_code ?? '',
  });
  return tokens.access_token ?? '';
}

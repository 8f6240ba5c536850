import { changesRow, selectOne } from '../../directory/open-directory.ts';
import { millisecondsPerSecond } from '../../ground/durations.ts';
import { isText, objectOf, readRow } from '../../ground/read-row.ts';
import type { EntraContext } from '../entra-context.ts';
import { type EndpointVersion, isEndpointVersion } from '../errors/present-error.ts';
import { digestOpaqueText, makeOpaqueText } from './opaque-text.ts';
import { type SignInFacts, signInFactFields } from './sign-in-facts.ts';

/** What a device asked for. */
export interface DeviceRequest {
  clientId: string;
  version: EndpointVersion;
  /** First segment of the address that it asked at. */
  tenant: string;
  /** In the words of v2. */
  scope: string;
}

/** Who approved it. */
export interface DeviceApproval extends SignInFacts {
  tenantId: string;
  userId: string;
}

export type DeviceCodeStatus = 'pending' | 'approved' | 'declined' | 'redeemed';

export interface DeviceCode {
  hash: string;
  userCode: string;
  request: DeviceRequest;
  status: DeviceCodeStatus;
  approval: DeviceApproval | undefined;
  createdAt: number;
  isExpired: boolean;
}

interface DeviceCodeRow {
  hash: string;
  user_code: string;
  request_json: string;
  status: DeviceCodeStatus;
  approval_json: string | null;
  created_at: number;
}

const deviceRequest = objectOf<DeviceRequest>({
  clientId: isText,
  version: isEndpointVersion,
  tenant: isText,
  scope: isText,
});
const deviceApproval = objectOf<DeviceApproval>({ ...signInFactFields, tenantId: isText, userId: isText });

type DeviceContext = Pick<EntraContext, 'directory' | 'random'>;

export const deviceCodeSeconds = 900;
const userCodeLength = 9;
/** No vowels but A and E, nothing that looks like something else; 32 letters, so that a byte picks one evenly. */
const userCodeAlphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';

/** Stores the request and makes the two codes: the long one for the device, the short one for the person. */
export function createDeviceCode(
  { directory, random }: DeviceContext,
  request: DeviceRequest,
): { deviceCode: string; userCode: string } {
  const deviceCode = makeOpaqueText(random, 'deviceCode');
  const userCode = Array.from(
    random.bytes(userCodeLength),
    (byte) => userCodeAlphabet[byte % userCodeAlphabet.length],
  ).join('');
  directory
    .prepare(
      `INSERT INTO entra_device_codes (hash, user_code, request_json, status, created_at)
       VALUES (?, ?, ?, 'pending', ?)`,
    )
    .run(digestOpaqueText(deviceCode), userCode, JSON.stringify(request), directory.clock.now());
  return { deviceCode, userCode };
}

export function findDeviceCode(context: DeviceContext, deviceCode: string): DeviceCode | undefined {
  return select(context, 'SELECT * FROM entra_device_codes WHERE hash = ?', digestOpaqueText(deviceCode));
}

/** Finds it by what a person typed, whatever the case and with blanks or dashes between. */
export function findDeviceCodeByUserCode(context: DeviceContext, typed: string): DeviceCode | undefined {
  const userCode = typed.replaceAll(/[\s-]/g, '').toUpperCase();
  return select(context, 'SELECT * FROM entra_device_codes WHERE user_code = ?', userCode);
}

/** Moves the code on; false when it is not in the state `from` any more. */
export function moveDeviceCode(
  { directory }: DeviceContext,
  hash: string,
  { from, to, approval }: { from: DeviceCodeStatus; to: DeviceCodeStatus; approval?: DeviceApproval },
): boolean {
  const sql = `UPDATE entra_device_codes SET status = ?, approval_json = ifnull(?, approval_json)
    WHERE hash = ? AND status = ?`;
  return changesRow(directory, sql, to, approval ? JSON.stringify(approval) : null, hash, from);
}

function select({ directory }: DeviceContext, sql: string, key: string): DeviceCode | undefined {
  const row = selectOne<DeviceCodeRow>(directory, sql, key);
  return (
    row && {
      hash: row.hash,
      userCode: row.user_code,
      request: readRow(deviceRequest, row.request_json),
      status: row.status,
      approval: row.approval_json === null ? undefined : readRow(deviceApproval, row.approval_json),
      createdAt: row.created_at,
      isExpired: row.created_at + deviceCodeSeconds * millisecondsPerSecond <= directory.clock.now(),
    }
  );
}

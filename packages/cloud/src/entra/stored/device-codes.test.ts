import { afterEach, beforeEach, expect, it } from 'vitest';
import { systemRandom } from '../../random.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import {
  createDeviceCode,
  type DeviceApproval,
  type DeviceRequest,
  findDeviceCode,
  findDeviceCodeByUserCode,
  moveDeviceCode,
} from './device-codes.ts';

const now = Date.UTC(2026, 0, 31, 10);

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra({ base: { now: () => now } });
});
afterEach(() => entra.close());

const request: DeviceRequest = { clientId: 'client', version: 2, tenant: 'common', scope: 'openid' };
const approval: DeviceApproval = {
  sessionId: 'session',
  signedInAt: now,
  methods: ['pwd', 'mfa'],
  tenantId: 'tenant',
  userId: 'user',
};

const create = () => createDeviceCode(entra.context, request);
const find = (deviceCode: string) => findDeviceCode(entra.context, deviceCode);

it('is found by each of its two codes as it was asked for', () => {
  const { deviceCode, userCode } = create();
  create();
  const found = find(deviceCode);
  expect(found).toMatchObject({
    userCode,
    request,
    status: 'pending',
    approval: undefined,
    createdAt: now,
    isExpired: false,
  });
  expect(findDeviceCodeByUserCode(entra.context, userCode)).toEqual(found);
  expect(find(userCode)).toBeUndefined();
  expect(findDeviceCodeByUserCode(entra.context, deviceCode)).toBeUndefined();
});

it('is found by what people make of the code that they read', () => {
  const { userCode } = create();
  const typed = ` ${userCode.slice(0, 3)}-${userCode.slice(3, 6)} ${userCode.slice(6)}\t`.toLowerCase();
  expect(findDeviceCodeByUserCode(entra.context, typed)?.userCode).toBe(userCode);
});

it('has a code for people of nine letters and digits, each as likely as the others', () => {
  const bytes = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => index * 31));
  const { userCode, deviceCode } = createDeviceCode(
    { ...entra.context, random: { ...systemRandom, bytes } },
    request,
  );
  expect(userCode).toBe('A98765432');
  expect(deviceCode).toMatch(/^DAQAB[\w-]{200}$/);
});

it('ends after a quarter of an hour, to the millisecond', () => {
  const { deviceCode } = create();
  entra.clock.advance(900_000 - 1);
  expect(find(deviceCode)?.isExpired).toBe(false);
  entra.clock.advance(1);
  expect(find(deviceCode)?.isExpired).toBe(true);
});

it('moves on from the state that it is in alone, and keeps who approved it', () => {
  const { deviceCode } = create();
  const other = create();
  const hash = find(deviceCode)?.hash ?? '';
  expect(moveDeviceCode(entra.context, hash, { from: 'approved', to: 'redeemed' })).toBe(false);
  expect(find(deviceCode)?.status).toBe('pending');
  expect(moveDeviceCode(entra.context, hash, { from: 'pending', to: 'approved', approval })).toBe(true);
  expect(find(deviceCode)).toMatchObject({ status: 'approved', approval });
  expect(moveDeviceCode(entra.context, hash, { from: 'approved', to: 'redeemed' })).toBe(true);
  expect(find(deviceCode)).toMatchObject({ status: 'redeemed', approval });
  expect(find(other.deviceCode)).toMatchObject({ status: 'pending', approval: undefined });
});

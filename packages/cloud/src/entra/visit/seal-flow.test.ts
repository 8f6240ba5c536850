import { expect, it } from 'vitest';
import { createMovableClock } from '../../clock.ts';
import type { Flow } from './flow.ts';
import { openFlow, sealFlow } from './seal-flow.ts';

const clock = createMovableClock();
const context = { clock, flowKey: Buffer.alloc(32, 1) };
const flow: Flow = { kind: 'device', tenant: 'common', userCode: 'ABCDEFGHJ' };
const hour = 3_600_000;

it('opens for the browser that it was sealed for', () => {
  expect(openFlow(context, sealFlow(context, flow, 'browser'), 'browser')).toEqual(flow);
});

it('stays shut for another browser, another key, a changed text, and none at all', () => {
  const sealed = sealFlow(context, flow, 'browser');
  const [payload, signature] = sealed.split('.');
  const changed = Buffer.from(
    JSON.stringify({ flow: { ...flow, confirmed: true }, sealedAt: clock.now() }),
  ).toString('base64url');
  expect(() => openFlow(context, sealed, 'other')).toThrow('flow token expired');
  expect(() => openFlow(context, sealed, undefined)).toThrow('flow token expired');
  expect(() => openFlow({ ...context, flowKey: Buffer.alloc(32, 2) }, sealed, 'browser')).toThrow(
    'flow token',
  );
  expect(() => openFlow(context, `${changed}.${signature}`, 'browser')).toThrow('flow token expired');
  expect(() => openFlow(context, `${payload}.x`, 'browser')).toThrow('flow token expired');
  expect(() => openFlow(context, '', 'browser')).toThrow('flow token expired');
});

it('ages within an hour', () => {
  const sealed = sealFlow(context, flow, 'browser');
  clock.advance(hour);
  expect(() => openFlow(context, sealed, 'browser')).toThrow('flow token expired');
});

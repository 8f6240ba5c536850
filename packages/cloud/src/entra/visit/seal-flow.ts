import { createHmac, timingSafeEqual } from 'node:crypto';
import { aadsts } from '@latchkey/microsoft';
import { isNumber, objectOf, readRow } from '../../ground/read-row.ts';
import type { EntraContext } from '../entra-context.ts';
import { EntraError } from '../errors/entra-error.ts';
import { type Flow, isFlow } from './flow.ts';

interface SealedFlow {
  flow: Flow;
  sealedAt: number;
}

const sealedFlow = objectOf<SealedFlow>({ flow: isFlow, sealedAt: isNumber });

type SealContext = Pick<EntraContext, 'flowKey' | 'clock'>;

/** A page may stay open this long. */
const flowMilliseconds = 3_600_000;

/**
 * Writes a flow into a page's form. The seal binds it to the browser's cookie, so that nobody can make another
 * person's browser send it: it is the pages' protection against forged requests too.
 */
export function sealFlow({ flowKey, clock }: SealContext, flow: Flow, browserId: string): string {
  const sealed: SealedFlow = { flow, sealedAt: clock.now() };
  const text = Buffer.from(JSON.stringify(sealed)).toString('base64url');
  return `${text}.${seal(flowKey, text, browserId).toString('base64url')}`;
}

/** @throws EntraError 50089 when it is aged, was changed, or belongs to another browser */
export function openFlow({ flowKey, clock }: SealContext, text: string, browserId: string | undefined): Flow {
  const [payload, signature] = text.split('.');
  if (!payload || !signature || browserId === undefined) throw new EntraError(aadsts.flowTokenExpired);
  const expected = seal(flowKey, payload, browserId);
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new EntraError(aadsts.flowTokenExpired);
  const { flow, sealedAt } = readRow(sealedFlow, Buffer.from(payload, 'base64url').toString('utf8'));
  if (sealedAt + flowMilliseconds <= clock.now()) throw new EntraError(aadsts.flowTokenExpired);
  return flow;
}

function seal(key: Buffer, payload: string, browserId: string): Buffer {
  return createHmac('sha256', key).update(`${payload}.${browserId}`).digest();
}

import type { TestHub } from '../../testing/create-test-hub.ts';
import { createEntryLink } from '../create-entry-link.ts';

/** @returns the code of a fresh one-time link */
export async function entryCodeOf(hub: TestHub): Promise<string> {
  return new URL(await createEntryLink(hub.context)).hash.replace('#code=', '');
}

export function redeemCode(hub: TestHub, code: string) {
  return hub.app.inject({ method: 'POST', url: '/api/v1/session', payload: { code } });
}

/** Enters by a fresh link. @returns the Cookie header of that browser */
export async function enterByLink(hub: TestHub): Promise<string> {
  const [cookie] = (await redeemCode(hub, await entryCodeOf(hub))).cookies;
  return `${cookie?.name}=${cookie?.value}`;
}

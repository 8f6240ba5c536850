import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { contosoDomain } from '../../directory/seed-contoso.ts';
import { openTestEntra, type TestEntra } from '../testing/open-test-entra.ts';
import { frontChannelAddresses, noteSignedInApp } from './session-apps.ts';

let entra: TestEntra;
beforeEach(async () => {
  entra = await openTestEntra();
});
afterEach(() => entra.close());

const origin = 'http://entra.example';

/** Signs a session in to an app that has this front-channel address. */
function signInTo(logoutUrl: string | null, sessionId = 's-1'): void {
  const { web } = emptyApplicationDocument(contosoDomain);
  const { clientId } = entra.createApp({ document: { web: { ...web, logoutUrl } } });
  noteSignedInApp(entra.context.directory, sessionId, clientId, 't-1');
  noteSignedInApp(entra.context.directory, sessionId, clientId, 't-1');
}

const addresses = (session: { id: string } | undefined = { id: 's-1' }) =>
  frontChannelAddresses({ directory: entra.context.directory, origin }, session).toSorted();

it('calls each app of the session once, with the session and the issuer', () => {
  signInTo('https://one.example/out?keep=1');
  signInTo('http://two.example/out');
  signInTo('https://other.example/out', 's-2');
  const more = `sid=s-1&iss=${encodeURIComponent(`${origin}/t-1/v2.0`)}`;
  expect(addresses()).toEqual([`http://two.example/out?${more}`, `https://one.example/out?keep=1&${more}`]);
});

it.each([null, '', 'nonsense', 'ftp://one.example/', 'xhttps://one.example/', 'httpsx://one.example/'])(
  'calls no %j',
  (logoutUrl) => {
    signInTo(logoutUrl);
    expect(addresses()).toEqual([]);
  },
);

it('calls nobody where there is no session, and no app that is gone', () => {
  signInTo('https://one.example/out');
  const { directory } = entra.context;
  expect(frontChannelAddresses({ directory, origin }, undefined)).toEqual([]);
  noteSignedInApp(directory, 's-3', '11111111-1111-1111-1111-111111111111', 't-1');
  expect(addresses({ id: 's-3' })).toEqual([]);
});

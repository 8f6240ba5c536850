import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPageBrowser } from './page-browser.ts';
import { signInOnPages } from './sign-in-on-pages.ts';

/** A sign-in service reduced to its forms: name, password, staying signed in, consent, accounts to pick, and a way back to the app. */
let server: Server;
let origin: string;
let posted: { path: string; cookie: string; form: Record<string, string> }[];

const person = { userName: 'sales@contoso.example', password: 'Pass@word1' };

function page(action: string, inner: string): string {
  return `<form method="post" action="${action}"><input type="hidden" name="flow" value="a&amp;b">${inner}
    <button id="idSIButton9" name="answer" value="yes">Next</button></form>`;
}

function picker(userName: string): string {
  const tile = `<div data-test-id="${userName}"><button name="step" value="account:1">${userName}</button></div>`;
  return `<form method="post" action="/picked">${tile}
    <div id="otherTile"><div><button name="step" value="other">Use another account</button></div></div></form>`;
}

const pages: Record<string, (form: Record<string, string>) => string | { location: string }> = {
  '/start': () => ({ location: '/name' }),
  '/name': () => page('/password', '<input id="i0116" name="loginfmt">'),
  '/password': () => page('/stay', '<input id="i0118" name="passwd" type="password">'),
  '/pick': () => picker('someone@contoso.example'),
  '/pick-own': () => picker(person.userName),
  '/picked': ({ step }) => (step === 'other' ? { location: '/name' } : { location: '/password-page' }),
  '/password-page': () => page('/stay', '<input id="i0118" name="passwd" type="password">'),
  '/stay': ({ passwd }) =>
    passwd === person.password
      ? page('/consent', '<h1>Stay signed in?</h1><input type="checkbox" name="DontShowAgain" value="true">')
      : page(
          '/stay',
          '<div role="alert">Your account or password is incorrect.</div><input id="i0118" name="passwd">',
        ),
  '/consent': () => page('/done', '<p>Permissions requested</p>'),
  '/done': () => ({ location: '/app?code=secret' }),
  '/app': () => '<h1>Signed in</h1>',
  '/loop': () => ({ location: '/loop' }),
};

beforeEach(async () => {
  posted = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    if (request.method === 'POST')
      posted.push({ path: pathname, cookie: request.headers.cookie ?? '', form });
    const known = pages[pathname]?.(form) ?? '';
    response.setHeader('set-cookie', 'session=one; HttpOnly');
    if (typeof known === 'string') response.setHeader('content-type', 'text/html').end(known);
    else response.writeHead(302, known).end();
  };
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});

afterEach(() => server.close());

describe('signing in on pages', () => {
  it('ends where the app takes over, having filled name and password on the way', async () => {
    const end = await signInOnPages(createPageBrowser(), { link: `${origin}/start`, ...person });
    expect(end.url.pathname).toBe('/app');
    expect(end.document.querySelector('h1')?.text).toBe('Signed in');
    expect(posted.map(({ path, form }) => [path, form.loginfmt ?? form.passwd ?? null])).toEqual([
      ['/password', person.userName],
      ['/stay', person.password],
      ['/consent', null],
      ['/done', null],
    ]);
    expect(posted[2]?.form).not.toHaveProperty('DontShowAgain');
  });

  it.each([
    ['/pick', 'other'],
    ['/pick-own', 'account:1'],
  ])('chooses on the account picker %s', async (start, step) => {
    const end = await signInOnPages(createPageBrowser(), { link: origin + start, ...person });
    expect(end.url.pathname).toBe('/app');
    expect(posted[0]).toMatchObject({ path: '/picked', form: { step } });
  });

  it('sends hidden fields unescaped, the pressed button, and the cookies it was given', async () => {
    await signInOnPages(createPageBrowser(), { link: `${origin}/start`, ...person });
    expect(posted[0]).toMatchObject({ cookie: 'session=one', form: { flow: 'a&b', answer: 'yes' } });
  });

  it('stops with the page’s own words when the password is refused', async () => {
    const attempt = signInOnPages(createPageBrowser(), {
      link: `${origin}/start`,
      ...person,
      password: 'wrong',
    });
    await expect(attempt).rejects.toThrow('Your account or password is incorrect.');
  });

  it('does not follow redirects for ever', async () => {
    await expect(createPageBrowser().open(`${origin}/loop`)).rejects.toThrow('redirected more than');
  });
});

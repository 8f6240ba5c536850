import { expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { signInProblemPage } from './sign-in-problem-page.ts';

const backUrl = 'http://localhost:4480/';

it('shows what happened, Microsoft’s words and the way back, all of it as text', () => {
  const remote = {
    system: 'entra',
    code: 'AADSTS65004',
    oauthError: 'access_denied',
    message: `<script>"it's" & more</script>`,
    httpStatus: null,
    traceId: null,
    correlationId: null,
    timestamp: null,
    helpLink: null,
  } as const;
  const error = new HubError('sign_in_declined', { detail: 'Nobody <b>agreed</b>.', remote });
  const page = signInProblemPage(error, `${backUrl}?a="b"&c`);
  expect(page).toContain('<p>Nobody &lt;b&gt;agreed&lt;/b&gt;.</p>');
  expect(page).toContain(
    'Microsoft says: <q>&lt;script&gt;&quot;it&#39;s&quot; &amp; more&lt;/script&gt;</q>',
  );
  expect(page).toContain('href="http://localhost:4480/?a=&quot;b&quot;&amp;c"');
  expect(page).toContain('<code>sign_in_declined</code>');
});

it('says nothing twice, and nothing of Microsoft where it has said nothing', () => {
  const page = signInProblemPage(new HubError('state_missing'), backUrl);
  const heading = /<h1>(.*)<\/h1>/.exec(page)?.[1] ?? '';
  expect(heading).not.toBe('');
  expect(page).not.toContain(`<p>${heading}</p>`);
  expect(page).not.toContain('Microsoft says');
});

import { expect, it } from 'vitest';
import { judgePageAnswer, judgeTokenAnswer } from './judge-sign-in.ts';

it.each([
  ['a token', 200, '{"access_token":"e30.e30.AA"}', 'succeeded', null],
  ['a refusal', 401, '{"error":"invalid_client","error_codes":[7000215]}', 'refused', 7000215],
  ['a broken answer', 503, '', 'refused', null],
] as const)('the token endpoint answers %s', (_name, status, body, outcome, aadstsCode) => {
  expect(judgeTokenAnswer({ status, body, location: undefined })).toEqual({ outcome, aadstsCode });
});

const redirect = (location: string) => ({ status: 302, location, body: '' });
const page = (body: string, status = 200) => ({ status, location: undefined, body });

it.each([
  ['a code', redirect('https://app/cb?code=1.abc&state=x'), 'succeeded', null],
  ['a code in the fragment', redirect('https://app/cb#code=1.abc'), 'succeeded', null],
  ['a code by form', page('<input type="hidden" name="code" value="1.abc">'), 'succeeded', null],
  ['an id token by form', page('<input type="hidden" name="id_token" value="e30">'), 'succeeded', null],
  [
    'an access token by form',
    page('<input type="hidden" name="access_token" value="e30">'),
    'succeeded',
    null,
  ],
  [
    'a refusal',
    redirect('https://app/cb?error=consent_required&error_description=AADSTS65001%3A+The+user'),
    'refused',
    65001,
  ],
  ['a wrong password', page('<span class="code">Error Code: 50126</span>'), 'refused', 50126],
  ['an error page', page('AADSTS50011: The redirect URI', 400), 'refused', 50011],
  ['a question', page('<h1>Enter password</h1>'), 'waiting', null],
  ['the next page', redirect('/common/kmsi'), 'waiting', null],
] as const)('a page answers %s', (_name, answer, outcome, aadstsCode) => {
  expect(judgePageAnswer(answer)).toEqual({ outcome, aadstsCode });
});

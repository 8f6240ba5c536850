import { expect, it } from 'vitest';
import { remoteWords } from './remote-words.ts';

it('what a service said is told on one line, and not at length', () => {
  expect(remoteWords(' two\r\n  lines\t')).toBe('two lines');
  expect(remoteWords('a'.repeat(300))).toBe('a'.repeat(300));
  expect(remoteWords('a'.repeat(301))).toBe(`${'a'.repeat(300)}…`);
});

it('what was sent does not come back, as it is or encoded; nor does a token', () => {
  const sent = Buffer.from('id:c2VjcmV0+/8=');
  const echoes = [sent.toString(), sent.toString('base64'), sent.toString('base64url')];
  expect(remoteWords(`<${echoes.join('><')}>`, [sent])).toBe('<…><…><…>');
  expect(remoteWords('Bearer eyJhbGciOi.eyJzdWIi.c2ln-_ is wrong')).toBe('Bearer … is wrong');
});

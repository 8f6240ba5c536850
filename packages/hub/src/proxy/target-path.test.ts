import { expect, it } from 'vitest';
import { targetPath } from './target-path.ts';

const prefix = '/api/v1/connections/7b4f/proxy';

it.each([
  ['/api/data/v9.2/accounts'],
  ['/api/data/v9.2/accounts?$select=name&$top=3'],
  ['/api/data/v9.2/accounts?%24filter=name%20eq%20%27A%2BB%20%26%20C%27&$top=1+1'],
  ["/api/data/v9.2/accounts(accountnumber='A%2F1%25')?x=a/b/c?d#e"],
  ['/'],
  ['//other.example/x'],
  ['/../../settings'],
  ['/a//b/./c/%2e%2e/d/'],
  ['/api/data/v9.2/accounts?'],
  ['/caf\u00c3\u00a9?q=\u00ff'],
])('leaves %s untouched', (path) => {
  expect(targetPath(prefix + path)).toBe(path);
});

it('drops the origin of an absolute-form target', () => {
  expect(targetPath(`http://hub.example:4480${prefix}/api/data?next=http://x/y`)).toBe(
    '/api/data?next=http://x/y',
  );
});

it('finds the path behind an encoded prefix', () => {
  expect(targetPath('/api/v1/conn%65ctions/a%2Fb/proxy/api/data')).toBe('/api/data');
});

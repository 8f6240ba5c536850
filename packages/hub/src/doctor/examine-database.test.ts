import { expect, it } from 'vitest';
import { judgeRoom } from './examine-database.ts';

it.each([
  [49, 'fail'],
  [50, 'warn'],
  [499, 'warn'],
  [500, 'ok'],
])('%i MB on the disk: %s', (free, verdict) => {
  const finding = judgeRoom(free, '/data');
  expect(finding).toMatchObject({ name: 'disk', verdict, detail: `${free} MB are free in /data.` });
  expect(finding.advice === null).toBe(verdict === 'ok');
});

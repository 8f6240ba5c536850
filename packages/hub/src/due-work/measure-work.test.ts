import { expect, it } from 'vitest';
import { HubError } from '../errors/hub-error.ts';
import { noMetrics, noSpans } from '../telemetry/telemetry.ts';
import { measureWork } from './measure-work.ts';

it('work is counted by its kind and outcome, and answers as it did', async () => {
  const counted: string[] = [];
  const metrics = {
    ...noMetrics,
    workEnded: (kind: string, outcome: string) => counted.push(`${kind} ${outcome}`),
  };
  const spans = {
    run: <T>(name: string, attributes: object, work: () => Promise<T>) => {
      counted.push(`${name} ${JSON.stringify(attributes)}`);
      return noSpans.run(name, {}, work);
    },
  };
  const { signal } = new AbortController();
  const measured = measureWork(
    { telemetry: { metrics, spans } },
    {
      kind: 'reseal',
      async run(subjectId) {
        if (subjectId === 'broken') throw new HubError('store_unavailable');
        return 5;
      },
    },
  );
  expect(await measured.run('table', signal)).toBe(5);
  await expect(measured.run('broken', signal)).rejects.toMatchObject({ code: 'store_unavailable' });
  expect(counted).toEqual([
    'latchkey.work {"latchkey.work.kind":"reseal","latchkey.work.subject":"table"}',
    'reseal ok',
    'latchkey.work {"latchkey.work.kind":"reseal","latchkey.work.subject":"broken"}',
    'reseal store_unavailable',
  ]);
});

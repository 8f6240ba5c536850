import { describe, expect, it, onTestFinished } from 'vitest';
import { createTestHub } from '../testing/create-test-hub.ts';
import { testEngines } from '../testing/test-database.ts';
import { takeProof } from './proof-budget.ts';

const minute = 60_000;

describe.each(testEngines)('the proofs that an environment gets in a minute on %s', (engine) => {
  async function openBudget() {
    const hub = await createTestHub({ engine });
    onTestFinished(() => hub.close());
    const { keeper } = hub.context.config;
    hub.context.config.keeper = { ...keeper, proofs: { ...keeper.proofs, perEnvironmentMinute: 3 } };
    return { hub, take: (environment = 'https://a.example') => takeProof(hub.context, environment) };
  }

  it('are so many, whoever asks; the others are sent to later minutes, as many to each', async () => {
    const { take } = await openBudget();
    const waits = await Promise.all(Array.from({ length: 10 }, () => take()));
    const minutes = waits.map((wait) => Math.floor(wait / minute)).toSorted((a, b) => a - b);
    expect(minutes).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2, 3]);
    expect(waits.filter((wait) => wait === 0)).toHaveLength(3);
    // Spread within the minute, too.
    expect(new Set(waits).size).toBe(8);
  });

  it('are there again in the next minute, and for each environment by itself', async () => {
    const { hub, take } = await openBudget();
    for (let taken = 0; taken < 4; taken += 1) await take();
    expect(await take('https://b.example')).toBe(0);
    hub.clock.advance(minute);
    expect(await take()).toBe(0);
  });
});

import { describe, expect, it } from 'vitest';
import { judgeViolations } from './judge-violations.ts';

const upwards = { rule: 'floors', from: 'hub/tokens/read.ts', to: 'hub/server/start.ts' };
const further = { rule: 'floors', from: 'hub/tokens/heal.ts', to: 'hub/server/app.ts' };

describe('judgeViolations', () => {
  it('refuses what is not known', () => {
    expect(judgeViolations([upwards], [])).toEqual({ refused: [upwards], outlived: [] });
  });

  it('lets pass what is known', () => {
    expect(judgeViolations([upwards], [['floors', 'hub/tokens', 'hub/server', 1]])).toEqual({
      refused: [],
      outlived: [],
    });
  });

  it('refuses more than is known', () => {
    const { refused } = judgeViolations([upwards, further], [['floors', 'hub/tokens', 'hub/server', 1]]);
    expect(refused).toEqual([upwards, further]);
  });

  it('names a known violation of which nothing is left', () => {
    const known = ['floors', 'hub/tokens', 'hub/server', 1] as const;
    expect(judgeViolations([], [known])).toEqual({ refused: [], outlived: [known] });
  });
});

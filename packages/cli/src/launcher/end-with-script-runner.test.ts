import { beforeEach, describe, expect, it } from 'vitest';
import { endWithScriptRunner } from './end-with-script-runner.mjs';

describe('a launcher', () => {
  let looks: (() => void)[];
  let parent: number;
  let ends: number;
  beforeEach(() => {
    looks = [];
    parent = 100;
    ends = 0;
  });

  function watch(environment: Record<string, string>): void {
    endWithScriptRunner({
      environment,
      parentId: () => parent,
      end: () => {
        ends += 1;
      },
      startInterval: (look) => {
        looks.push(look);
        return { unref: () => undefined };
      },
    });
  }
  const look = () => {
    for (const each of looks) each();
  };

  it.each([
    { npm_lifecycle_event: 'start', npm_lifecycle_script: 'node scripts/launch.mjs start' },
    { npm_lifecycle_event: 'npx', npm_lifecycle_script: 'latchkey serve' },
  ])('ends once with the script runner that started it: %o', (environment) => {
    watch(environment);
    look();
    expect(ends).toBe(0);
    parent = 1;
    look();
    look();
    expect(ends).toBe(1);
  });

  it.each([
    {},
    { npm_lifecycle_event: 'pretest', npm_lifecycle_script: 'node packages/cli/bin/latchkey.mjs cloud &' },
  ])('stays where it was left in the background: %o', (environment) => {
    watch(environment);
    parent = 1;
    look();
    expect(ends).toBe(0);
  });
});

import type { TestStep, TestStepName } from '@latchkey/client';
import type { Step, StepVerdict } from '../steps/step-list.tsx';

/** The steps in the order of the test, to show while it runs. */
const testSteps: [TestStepName, string][] = [
  ['address', 'Address'],
  ['tls', 'TLS'],
  ['discovery', 'Discovery'],
  ['token', 'Token'],
  ['claims', 'Claims'],
  ['who_am_i', 'WhoAmI'],
  ['read', 'Read'],
];

const verdicts: Record<TestStep['outcome'], { verdict: StepVerdict; word: string }> = {
  passed: { verdict: 'done', word: 'Passed' },
  failed: { verdict: 'failed', word: 'Failed' },
  skipped: { verdict: 'skipped', word: 'Skipped' },
};

/** The seven steps of a test that runs: the hub tells all verdicts at its end. */
export function pendingTestSteps(): Step[] {
  return testSteps.map(([name, title]) => ({
    name,
    title,
    verdict: 'running',
    word: 'Testing',
    detail: null,
    durationMs: null,
    failure: null,
  }));
}

/** A step of a test as the list of steps shows it; a skipped step took no time. */
export function describeTestStep(step: TestStep): Step {
  const { name, title, detail, failure } = step;
  const durationMs = step.outcome === 'skipped' ? null : step.durationMs;
  return { name, title, detail, failure, durationMs, ...verdicts[step.outcome] };
}

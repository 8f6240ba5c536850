import type { ConnectionTest, TestStep } from '@latchkey/api';
import { HubError, toFailure } from '../errors/hub-error.ts';
import { recordFailure, recordProof, recordTokenSuccess } from '../evidence/record-evidence.ts';
import { toIso } from '../ground/clock.ts';
import { inTransaction } from '../store/in-transaction.ts';
import { assertEnabled } from '../tokens/judge-token-state.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { statusOf } from './present-connection.ts';
import { type StepDefinition, type TestRun, testSteps } from './test-steps.ts';

/**
 * Tests a connection from the address to a read of accounts, each step with its own verdict; after a failure the
 * rest is skipped. What it finds is the evidence that the connection's state is computed from.
 *
 * @throws HubError `connection_not_found`, `connection_disabled`; a failed test is an answer
 */
export async function testConnection(context: TokenContext, connectionId: string): Promise<ConnectionTest> {
  const state = await readTokenState(context, connectionId);
  assertEnabled(state);
  const testRun: TestRun = { context, state, tlsFailure: null, organizationId: null };
  const steps: TestStep[] = [];
  let failed: StepDefinition | null = null;
  for (const definition of testSteps(context.provider)) {
    const step = failed ? skip(definition, failed) : await runStep(definition, testRun);
    if (step.outcome === 'failed') failed = definition;
    steps.push(step);
  }
  if (failed === null) {
    await inTransaction(context.store, (db) => recordTokenSuccess(context, db, connectionId));
    await recordProof(context, connectionId, { organizationId: testRun.organizationId });
  }
  const now = context.clock.now();
  return {
    outcome: failed ? 'failed' : 'passed',
    testedAt: toIso(now),
    steps,
    status: statusOf(context, await readTokenState(context, connectionId), now),
  };
}

async function runStep({ name, title, prove }: StepDefinition, testRun: TestRun): Promise<TestStep> {
  const { context, state } = testRun;
  const startedAt = context.clock.now();
  const durationMs = () => context.clock.now() - startedAt;
  try {
    const { detail, skipped } = await prove(testRun);
    return {
      name,
      title,
      outcome: skipped ? 'skipped' : 'passed',
      detail,
      durationMs: durationMs(),
      failure: null,
    };
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    // A refresh that failed has recorded itself, with when to try again.
    if (name !== 'token') await recordFailure(context, state.connection.id, error);
    return {
      name,
      title,
      outcome: 'failed',
      detail: error.message,
      durationMs: durationMs(),
      failure: toFailure(error),
    };
  }
}

function skip({ name, title }: StepDefinition, failed: StepDefinition): TestStep {
  const detail = `Skipped, since this failed: ${failed.title}`;
  return { name, title, outcome: 'skipped', detail, durationMs: 0, failure: null };
}

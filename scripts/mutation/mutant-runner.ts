/* oxlint-disable no-underscore-dangle -- these names are Vitest's */
import path from 'node:path';
import { TestRunner } from 'vitest';
import { runBaseTests } from 'vitest/worker';
import {
  addNote,
  type Fate,
  fatesOf,
  type MutationPlan,
  readNotes,
  readPlan,
  testsLeft,
} from './mutation-plan.ts';

type File = Parameters<TestRunner['onAfterRunFiles']>[0][number];
type Task = Parameters<TestRunner['onBeforeTryTask']>[0];
type TryOptions = Parameters<TestRunner['onBeforeTryTask']>[1];
type Suite = Parameters<TestRunner['onAfterRunSuite']>[0];
type WorkerState = Parameters<typeof runBaseTests>[1];
type Traces = Parameters<typeof runBaseTests>[2];
type Test = Extract<Task, { type: 'test' }>;

interface Outcome {
  fate: Fate;
  /** Whether a loop had to be broken off, which no patience helps. */
  isEndless: boolean;
  /** The test that failed; null when none did, or a hook of the whole file. */
  failedTest: Test | null;
}

/** What the mutants built into the sources see; it outlives the modules, which are loaded anew at times. */
interface Switchboard {
  /** The mutant that holds; 0 for none. */
  active: number;
  /** The mutants passed since somebody looked. */
  passed: Set<number>;
  /** How many passages are left before a loop counts as endless. */
  passagesLeft: number;
  /** Set while a file's tests are run again within its first run. */
  again: Outcome | null;
}

declare global {
  var mutant$: ((id: number) => boolean) | undefined;
  var mutation$: Switchboard | undefined;
  var __vitest_worker__: WorkerState;
}

/** No test of ours passes a mutant so often; an endless loop does within the second. */
const leastPassagesOfAnEndlessLoop = 3_000_000;
const leastTestTimeoutMilliseconds = 4000;
const longestTestTimeoutMilliseconds = 60_000;
const timeoutFactor = 5;
/** For loading modules anew and for a machine that is busy with other things. */
const spareMilliseconds = 120_000;

function connectSwitchboard(): Switchboard {
  if (globalThis.mutation$) return globalThis.mutation$;
  const board: Switchboard = {
    active: 0,
    passed: new Set(),
    passagesLeft: Number.POSITIVE_INFINITY,
    again: null,
  };
  globalThis.mutation$ = board;
  globalThis.mutant$ = (id) => {
    board.passed.add(id);
    board.passagesLeft -= 1;
    if (board.passagesLeft < 0) throw new Error('This loop does not end.');
    return id === board.active;
  };
  return board;
}

/**
 * Runs a test file once as it is and notes which test passes which mutant; then, in the same process and with the
 * same modules, once more for each mutant with only the tests that pass it, until the first one fails. Vitest's
 * own way to load a file and run its tests serves for both, so hooks, fixtures and time limits mean the same.
 */
export default class MutantRunner extends TestRunner {
  readonly board = connectSwitchboard();
  readonly runsAgain = this.board.again !== null;
  whileLoading = new Set<number>();
  outsideTests = new Set<number>();
  readonly passedIn = new Map<string, Set<number>>();

  traces: Traces | null = null;

  override __setTraces(traces: Traces): void {
    super.__setTraces(traces);
    this.traces = traces;
  }

  override onCollectStart(file: File): void {
    super.onCollectStart(file);
    this.board.passed = new Set();
  }

  onCollected(): void {
    this.whileLoading = this.board.passed;
    this.board.passed = this.outsideTests;
  }

  override onBeforeTryTask(test: Task, options: TryOptions): void {
    super.onBeforeTryTask(test, options);
    this.board.passed = new Set();
  }

  override onAfterRunTask(test: Test): void {
    super.onAfterRunTask(test);
    this.passedIn.set(test.id, this.board.passed);
    this.board.passed = this.outsideTests;
    if (this.runsAgain && test.result?.state === 'fail') this.cancel('test-failure');
  }

  override async onAfterRunSuite(suite: Suite): Promise<void> {
    if (this.runsAgain) return;
    await super.onAfterRunSuite(suite);
    if (suite.file === suite) await this.tryMutants(suite.file);
  }

  override onAfterRunFiles(files: File[]): void {
    super.onAfterRunFiles(files);
    const [file] = files;
    if (!file || !this.board.again) return;
    this.board.again.isEndless = this.board.passagesLeft < 0;
    this.board.again.fate = this.board.again.isEndless ? 'timed out' : fateOf(file);
    this.board.again.failedTest = testsIn(file).find((test) => test.result?.state === 'fail') ?? null;
  }

  async tryMutants(file: File): Promise<void> {
    if (!this.traces) throw new Error('Vitest handed no traces to its runner.');
    const plan = readPlan();
    const testFile = path.relative(plan.root, file.filepath);
    const tests = testsIn(file).filter((test) => test.result?.state === 'pass');
    if (file.result?.state === 'fail') {
      const failure = file.result.errors?.[0]?.message ?? 'a test fails';
      addNote(plan, { note: 'unreliable', testFile, reason: `fails without any mutant (${failure})` });
    }
    tests.sort((one, other) => durationOf(one) - durationOf(other));
    const again = new TestFileAgain(this.board, plan, file, tests, this.traces);
    const loading = [...this.whileLoading].sort(ascending);
    const running = new Set([
      ...this.outsideTests,
      ...[...this.passedIn.values()].flatMap((passed) => [...passed]),
    ]);

    for (const mutant of [...running].sort(ascending)) {
      if (this.whileLoading.has(mutant)) continue;
      const everywhere = this.outsideTests.has(mutant);
      const passing = tests.filter((test) => everywhere || this.passedIn.get(test.id)?.has(mutant));
      await again.tryMutant(mutant, testFile, passing, 'loaded');
    }
    // What holds while modules are loaded needs them loaded anew, and spoils them for what follows.
    for (const mutant of loading) await again.tryMutant(mutant, testFile, tests, 'anew');
    addNote(plan, { note: 'finished', testFile });
  }
}

/** One test file that is run again and again, in part or as a whole. */
class TestFileAgain {
  readonly #board: Switchboard;
  readonly #plan: MutationPlan;
  readonly #file: File;
  readonly #tests: Test[];
  readonly #traces: Traces;
  #testTimeout: number;
  /** Which tests pass alone too, so that a failure of theirs is the mutant's doing; all of them under undefined. */
  readonly #standAlone = new Map<string | undefined, boolean>();

  constructor(board: Switchboard, plan: MutationPlan, file: File, tests: Test[], traces: Traces) {
    this.#board = board;
    this.#traces = traces;
    this.#plan = plan;
    this.#file = file;
    this.#tests = tests;
    const longest = Math.max(0, ...tests.map(durationOf));
    this.#testTimeout = Math.round(leastTestTimeoutMilliseconds + timeoutFactor * longest);
  }

  async tryMutant(
    mutant: number,
    testFile: string,
    passing: Test[],
    modules: 'loaded' | 'anew',
  ): Promise<void> {
    const before = fatesOf(readNotes(this.#plan)).get(mutant);
    if (before && before.fate !== 'survived') return;
    const tests = passing.slice(0, testsLeft(this.#plan, mutant, testFile, before?.tests ?? 0));
    if (tests.length === 0) return;

    const expected = tests.reduce((sum, test) => sum + durationOf(test), 0);
    addNote(this.#plan, {
      note: 'begun',
      mutant,
      testFile,
      at: Date.now(),
      limitMilliseconds: Math.round(spareMilliseconds + this.#testTimeout + timeoutFactor * expected),
    });
    let outcome = await this.#run(mutant, tests, modules);
    while (
      outcome.fate === 'timed out' &&
      !outcome.isEndless &&
      (await this.#isMachineSlow(outcome, modules))
    ) {
      this.#testTimeout *= 2;
      outcome = await this.#run(mutant, tests, modules);
    }
    let { fate } = outcome;
    if (fate !== 'survived' && !(await this.#standsAlone(outcome.failedTest, modules))) {
      // It leans on other tests of its file: only the whole of it means something.
      const asItIs = await this.#run(0, this.#tests, 'anew');
      fate = asItIs.fate === 'survived' ? (await this.#run(mutant, this.#tests, 'anew')).fate : 'survived';
    }
    addNote(this.#plan, { note: 'tried', mutant, testFile, fate, tests: tests.length });
  }

  /** Whether a test passes without a mutant when the others of its file are left out. */
  async #standsAlone(test: Test | null, modules: 'loaded' | 'anew'): Promise<boolean> {
    const known = this.#standAlone.get(test?.id);
    if (known !== undefined) return known;
    const { fate } = await this.#run(0, test ? [test] : this.#tests, modules);
    this.#standAlone.set(test?.id, fate === 'survived');
    return fate === 'survived';
  }

  /** Whether a test takes its time without a mutant too: then it is no wonder that it did with one. */
  async #isMachineSlow({ failedTest }: Outcome, modules: 'loaded' | 'anew'): Promise<boolean> {
    if (this.#testTimeout >= longestTestTimeoutMilliseconds) return false;
    const startedAt = performance.now();
    const { fate } = await this.#run(0, failedTest ? [failedTest] : this.#tests, modules);
    return fate === 'timed out' || performance.now() - startedAt > this.#testTimeout / timeoutFactor;
  }

  async #run(mutant: number, tests: Test[], modules: 'loaded' | 'anew'): Promise<Outcome> {
    const board = this.#board;
    const state = globalThis.__vitest_worker__;
    const limits = { testTimeout: this.#testTimeout, hookTimeout: this.#testTimeout };
    const config = { ...state.ctx.config, ...limits, isolate: modules === 'anew' };
    const again: Outcome = { fate: 'survived', isEndless: false, failedTest: null };
    board.again = again;
    board.active = mutant;
    board.passagesLeft = leastPassagesOfAnEndlessLoop;
    try {
      const files = [
        { filepath: this.#file.filepath, testLocations: undefined, testIds: tests.map((test) => test.id) },
      ];
      await runBaseTests(
        'run',
        {
          ...state,
          config,
          ctx: { ...state.ctx, config, files },
          rpc: silence(state.rpc),
        },
        this.#traces,
      );
      return again;
    } catch {
      return { fate: 'killed', isEndless: false, failedTest: null };
    } finally {
      board.again = null;
      board.active = 0;
      board.passagesLeft = Number.POSITIVE_INFINITY;
      globalThis.__vitest_worker__ = state;
    }
  }
}

/** Modules are fetched as ever; what the tests do is nobody's business while they run again. */
function silence(rpc: WorkerState['rpc']): WorkerState['rpc'] {
  return new Proxy(rpc, {
    get: (target, name, receiver) =>
      typeof name === 'string' && (name.startsWith('on') || name === 'snapshotSaved')
        ? async () => undefined
        : Reflect.get(target, name, receiver),
  });
}

function fateOf(file: File): Fate {
  const failures = [file, ...tasksIn(file)].filter((task) => task.result?.state === 'fail');
  if (failures.length === 0) return 'survived';
  const messages = failures.flatMap((task) => task.result?.errors?.map((error) => error.message) ?? []);
  return messages.some((message) => / timed out in /.test(message)) ? 'timed out' : 'killed';
}

function tasksIn(suite: Suite): Task[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? [task, ...tasksIn(task)] : [task]));
}

function testsIn(file: File): Test[] {
  return tasksIn(file).filter((task) => task.type === 'test');
}

function durationOf(test: Test): number {
  return test.result?.duration ?? 0;
}

function ascending(one: number, other: number): number {
  return one - other;
}

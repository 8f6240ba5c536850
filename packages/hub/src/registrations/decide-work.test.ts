import { describe, expect, it } from 'vitest';
import { decideWork } from './decide-work.ts';

const token = { sealed_administrator_token: 'sealed' };
const code = { sealed_device_code: 'sealed' };
const nothing = {
  sealed_administrator_token: null,
  sealed_device_code: null,
  administrator_task: null,
  administrator_task_failure: null,
};
const task = { administrator_task: 'rotate' } as const;

describe('decideWork', () => {
  it.each([
    [{ ...nothing, ...token, state: 'running' }, 'steps'],
    [{ ...nothing, state: 'running' }, 'steps'],
    [{ ...nothing, ...token, state: 'undoing' }, 'undo'],
    [{ ...nothing, ...code, state: 'undoing' }, 'device_code'],
    [{ ...nothing, state: 'undoing' }, 'none'],
    [{ ...nothing, ...code, state: 'awaiting_sign_in' }, 'device_code'],
    [{ ...nothing, state: 'awaiting_sign_in' }, 'none'],
    [{ ...nothing, ...token, state: 'failed' }, 'none'],
    [{ ...nothing, state: 'ready' }, 'none'],
    [{ ...nothing, ...task, state: 'ready' }, 'none'],
    [{ ...nothing, ...task, ...token, state: 'ready' }, 'task'],
    [{ ...nothing, ...task, ...code, state: 'ready' }, 'device_code'],
    [{ ...nothing, ...task, ...token, state: 'ready', administrator_task_failure: '{}' }, 'none'],
    [{ ...nothing, ...token, state: 'ready' }, 'none'],
    [{ ...nothing, state: 'undone' }, 'none'],
  ] as const)('for %o is %s', (row, work) => {
    expect(decideWork(row).work).toBe(work);
  });
});

const lookEveryMilliseconds = 250;

/**
 * Ends this process, as SIGTERM does, once the process that started it is gone, where that is npm, pnpm or yarn or
 * their shell. They pass SIGTERM on to the shell that runs a script; one that stays in between (dash, the `sh` of Debian
 * and Ubuntu) ends by it and leaves what it has started behind.
 *
 * @param {{ environment: Record<string, string | undefined>, parentId: () => number, end: () => void,
 *   startInterval: (look: () => void, milliseconds: number) => { unref(): unknown } }} [machine]
 */
export function endWithScriptRunner({ environment, parentId, end, startInterval } = thisProcess) {
  if (!isScript(environment)) return;
  const runner = parentId();
  let hasEnded = false;
  startInterval(() => {
    if (hasEnded || parentId() === runner) return;
    // Once: another signal could come when the program has given up its own handling, and kill it on its last steps.
    hasEnded = true;
    end();
  }, lookEveryMilliseconds).unref();
}

const thisProcess = {
  environment: process.env,
  parentId: () => process.ppid,
  end: () => process.kill(process.pid, 'SIGTERM'),
  startInterval: setInterval,
};

/**
 * Whether a package manager runs this very program as its script. Within somebody else's script, what is put into the
 * background there is meant to stay.
 */
function isScript({ npm_lifecycle_event: event, npm_lifecycle_script: script = '' }) {
  return event === 'npx' || script.includes('scripts/launch.mjs');
}

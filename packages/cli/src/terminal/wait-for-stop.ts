/** How long after the first Ctrl-C another one counts: npm passes on what the terminal has sent already. */
const secondSignalAfterMilliseconds = 500;
/** As shells tell an end by Ctrl-C: 128 and the signal's number. */
const interruptedCode = 130;

/** What of the process is needed; tests hand in another. */
interface SignalSource {
  platform: NodeJS.Platform;
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  exit(code: number): void;
  now(): number;
}

const thisProcess: SignalSource = {
  platform: process.platform,
  on: (signal, listener) => process.on(signal, listener),
  exit: (code) => process.exit(code),
  now: () => performance.now(),
};

/**
 * Resolves at the first Ctrl-C or plain kill, or on Windows when the terminal is closed; a second Ctrl-C ends the
 * process at once, as people expect. To be called before anything is started: the first process of a container takes
 * no signal that it has not asked for.
 */
export function waitForStop(source: SignalSource = thisProcess): Promise<void> {
  return new Promise((resolve) => {
    let interruptedAt: number | undefined;
    source.on('SIGINT', () => {
      const now = source.now();
      interruptedAt ??= now;
      if (now - interruptedAt >= secondSignalAfterMilliseconds) source.exit(interruptedCode);
      resolve();
    });
    source.on('SIGTERM', resolve);
    if (source.platform === 'win32') {
      // Ctrl-Break, and the closed window, after which Windows waits for some seconds.
      source.on('SIGBREAK', resolve);
      source.on('SIGHUP', resolve);
    }
  });
}

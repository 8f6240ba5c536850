/** What each server of the benchmarks has in common: settings come in as one argument, readiness goes out as one line. */

/** @returns a setting that the benchmark gave */
export function readSetting(name: string): string {
  const settings = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
  const setting = settings[name];
  if (setting === undefined) throw new Error(`This server needs the setting "${name}".`);
  return setting;
}

/** Tells the benchmark that the server is ready, and which process it is; it ends the process by SIGTERM. */
export function announceReady(facts: object): void {
  process.on('SIGTERM', () => process.exit(0));
  process.stdout.write(`${JSON.stringify({ ...facts, pid: process.pid })}\n`);
}

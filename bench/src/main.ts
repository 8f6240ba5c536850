import { parseArgs } from 'node:util';
import { cloudCodeFlow } from './benchmarks/cloud-code-flow.ts';
import { cloudColdStart } from './benchmarks/cloud-cold-start.ts';
import { cloudMemory } from './benchmarks/cloud-memory.ts';
import { cloudTokens } from './benchmarks/cloud-tokens.ts';
import { cloudTokensVsMock } from './benchmarks/cloud-tokens-vs-mock.ts';
import { largeDirectory } from './benchmarks/large-directory.ts';
import { proxy } from './benchmarks/proxy.ts';
import { proxyVsNginx } from './benchmarks/proxy-vs-nginx.ts';
import { start } from './benchmarks/start.ts';
import { startLocalCloudInTests } from './benchmarks/start-local-cloud.ts';
import { tokenRead } from './benchmarks/token-read.ts';
import type { Outcome, Skipped } from './measuring/outcome.ts';
import { printJson, printTable } from './print-outcome.ts';

const benchmarks: Readonly<Record<string, (name: string) => Promise<Outcome | Skipped>>> = {
  'cloud-code-flow': cloudCodeFlow,
  'cloud-cold-start': cloudColdStart,
  'cloud-memory': cloudMemory,
  'cloud-tokens': cloudTokens,
  'cloud-tokens-vs-mock': cloudTokensVsMock,
  'large-directory': largeDirectory,
  proxy,
  'proxy-vs-nginx': proxyVsNginx,
  'token-read': tokenRead,
  start,
  'start-local-cloud': startLocalCloudInTests,
};

/** `npm run --silent bench -- NAME [--json]`: exit code 1 when the bar is missed. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [name = ''] = positionals;
  const benchmark = Object.hasOwn(benchmarks, name) ? benchmarks[name] : undefined;
  if (!benchmark) {
    const problem = name === '' ? '' : `There is no benchmark "${name}".\n`;
    process.stderr.write(
      `${problem}npm run --silent bench -- NAME [--json]\n${Object.keys(benchmarks).join('\n')}\n`,
    );
    return name === '' ? 0 : 1;
  }
  const outcome = await benchmark(name);
  if (values.json) printJson(outcome);
  else printTable(outcome);
  return 'skipped' in outcome || outcome.passed ? 0 : 1;
}

process.exitCode = await main();

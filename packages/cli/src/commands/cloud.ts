import type { Command } from 'commander';
import type { CloudOptions } from '../start/serve-cloud.ts';
import type { Shell } from '../terminal/proxy-environment.ts';
import { waitForStop } from '../terminal/wait-for-stop.ts';
import { dataOption, portOption, shellOption } from './options.ts';

/** `latchkey cloud`: the local Microsoft cloud alone, for tests of other software; `cloud env`: how to reach it. */
export function addCloudCommand(program: Command): void {
  const cloud = program
    .command('cloud')
    .description('start the local Microsoft cloud alone')
    .addOption(dataOption())
    .option('--memory', 'keep nothing')
    .addOption(portOption('the port before those that it takes'))
    .option('--any-ports', 'take any free ports')
    .option('--host <address>', 'listen here instead of on this machine alone; 0.0.0.0 is every address')
    .option('--public-host <name>', 'the name or address that others reach it by, for its documents')
    .option('--seed <file>', 'begin with the tenants, people and apps of this YAML file')
    .option('--local-graph-host', 'name Graph’s own port in discovery documents, not Microsoft’s host')
    .action(async (options: CloudOptions) => {
      const stopped = waitForStop();
      const { serveCloud } = await import('../start/serve-cloud.ts');
      await serveCloud(options, stopped);
    });
  cloud
    .command('export')
    .description('print the state of the running local cloud as a seed file')
    .action(async () => {
      const { printCloudSeed } = await import('../start/print-cloud-seed.ts');
      await printCloudSeed(cloud.opts<CloudOptions>());
    });
  cloud
    .command('env')
    .description('print the variables that lead Node, Python, curl and .NET to it by Microsoft’s host names')
    .addOption(shellOption())
    .action(async (options: { shell: Shell }) => {
      const { printCloudEnvironment } = await import('../start/print-cloud-environment.ts');
      printCloudEnvironment({ ...cloud.opts<CloudOptions>(), ...options });
    });
}

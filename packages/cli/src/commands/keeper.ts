import type { Keeper } from '@latchkey/client';
import type { Command } from 'commander';
import { connectToHub, type HubAccessOptions } from '../hub-access.ts';
import { bold, dim, writeLine } from '../terminal/write-line.ts';
import { addHubOptions } from './hub-options.ts';

/** `latchkey keeper` */
export function addKeeperCommand(program: Command): void {
  addHubOptions(
    program
      .command('keeper')
      .description('what a running hub does without anybody asking: what is due, was done, and comes next')
      .option('--json', 'as JSON', false),
  ).action(async ({ json, ...access }: HubAccessOptions & { json: boolean }) => {
    const keeper = await (await connectToHub(access)).keeper.get();
    if (json) writeLine(JSON.stringify(keeper, null, 2));
    else printKeeper(keeper);
  });
}

function printKeeper({ kinds, next, processes, countedUpTo }: Keeper): void {
  writeLine(bold('Work'));
  for (const { title, due, overdueSeconds, dueWithinAnHour, runs, failures, lastRunAt } of kinds) {
    const late = overdueSeconds > 0 ? `, the oldest for ${overdueSeconds} s` : '';
    writeLine(
      `${title}: ${due === countedUpTo ? `at least ${due}` : due} due${late}, ${dueWithinAnHour} within an hour`,
    );
    writeLine(dim(`  ${runs} runs, ${failures} failed unexpectedly, the last one ${lastRunAt ?? 'never'}`));
  }
  writeLine(bold('Next'));
  for (const { dueAt, title, subjectName, subjectId, isUnderWay } of next)
    writeLine(`${dueAt}  ${title}: ${subjectName ?? subjectId}${isUnderWay ? '  (under way)' : ''}`);
  writeLine(bold('Processes'));
  for (const { name, isOn, isSilent, lastSeenAt, runs, underWay } of processes) {
    const state = isSilent
      ? `silent since ${lastSeenAt}`
      : isOn
        ? `${underWay} under way, ${runs} runs`
        : 'off';
    writeLine(`${name}: ${state}`);
  }
}

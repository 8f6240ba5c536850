import { Command } from 'commander';
import { addBackupCommands } from './commands/backup.ts';
import { addCloudCommand } from './commands/cloud.ts';
import { addConnectionsCommand } from './commands/connections.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEventsCommand } from './commands/events.ts';
import { addKeeperCommand } from './commands/keeper.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addRegistrationsCommand } from './commands/registrations.ts';
import { addRequestCommand } from './commands/request.ts';
import { addServeCommand } from './commands/serve.ts';
import { addStartCommand } from './commands/start.ts';
import { cliVersion } from './config.ts';
import { describeFailure } from './terminal/describe-failure.ts';

/** Runs the `latchkey` command with these words; failures end as one clear paragraph and exit code 1. */
export async function runLatchkey(words: string[]): Promise<void> {
  const program = new Command('latchkey')
    .description('Connections to Microsoft Dynamics 365 that are made in a minute and keep working.')
    .version(cliVersion)
    .showHelpAfterError();
  addStartCommand(program);
  addServeCommand(program);
  addCloudCommand(program);
  addConnectionsCommand(program);
  addRegistrationsCommand(program);
  addRequestCommand(program);
  addKeeperCommand(program);
  addEventsCommand(program);
  addKeysCommand(program);
  addBackupCommands(program);
  addDoctorCommand(program);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

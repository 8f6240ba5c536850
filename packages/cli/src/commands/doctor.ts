import type { Command } from 'commander';
import type { DoctorOptions } from '../operate/print-examination.ts';
import { dataOption } from './options.ts';
import { parseAnyPort } from './parse-port.ts';

/** `latchkey doctor`: looks at everything that a hub stands on, whether it runs or not. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('look at configuration, database, keys, clock and who has to be reached; changes nothing')
    .addOption(dataOption())
    .option('--port <number>', 'where the hub listens (default: PORT, or 4480)', parseAnyPort)
    .option('--local-cloud', 'for a hub of latchkey start, with the local Microsoft cloud')
    .option('--json', 'print JSON')
    .action(async (options: DoctorOptions) => {
      const { printExamination } = await import('../operate/print-examination.ts');
      await printExamination(options);
    });
}

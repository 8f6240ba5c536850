import type { Connection } from '@latchkey/client';
import { cliVersion } from '../config.ts';
import type { SetupStep } from '../first-connection/make-first-connection.ts';
import { apiKeyFile } from '../hub-access.ts';
import { bold, dim, green, milliseconds, writeLine } from '../terminal/write-line.ts';
import { furtherEnvironmentLines } from './further-environment-lines.ts';
import { peopleLine } from './people-line.ts';
import type { RunningProduct } from './start-hub-and-cloud.ts';

const numberWidth = 9;
const titleWidth = 37;

export function printStarting(): void {
  writeLine(bold(`Latchkey ${cliVersion}`));
}

/** One line a step: tick, number in the usual instructions, title, time, and the fact that proves it. */
export function printSetupStep(step: SetupStep): void {
  const number = step.number.padStart(numberWidth);
  writeLine(
    `${green('✓')}${dim(number)} ${step.title.padEnd(titleWidth)}${dim(milliseconds(step.milliseconds))}  ${step.fact}`,
  );
}

/** What a person needs to go on: addresses, the way in, and a line to try. */
export function printServing({
  product,
  dataFolder,
  connection,
  entryLink,
}: {
  product: RunningProduct;
  dataFolder: string;
  connection: Connection | null;
  entryLink: string;
}): void {
  const { hub, cloud } = product;
  writeLine();
  writeLine(`${bold('Hub')}             ${hub.url}`);
  writeLine(`  enter by        ${entryLink}`);
  writeLine(`  ${dim('(this link works once; every start prints a new one)')}`);
  writeLine(`${bold('Local cloud')}     ${dim('for development only; listens on this machine alone')}`);
  writeLine(`  Entra ID        ${cloud.entra.http}   ${cloud.entra.https}`);
  writeLine(`  Graph           ${cloud.graph.http}   ${cloud.graph.https}`);
  writeLine(`  Dynamics 365    ${cloud.crm.http}   ${cloud.crm.https}`);
  for (const line of furtherEnvironmentLines(cloud)) writeLine(line);
  writeLine(`  portal          ${cloud.portal.http}   ${cloud.portal.https}`);
  writeLine(`  admin APIs      ${cloud.admin.http}   ${cloud.admin.https}`);
  writeLine(peopleLine(cloud, false));
  if (cloud.caCertificateFile) writeLine(`  its authority   ${cloud.caCertificateFile}`);
  if (connection) {
    const { state, reason, remedy } = connection.status;
    writeLine();
    writeLine(`${bold('Connection')}      ${connection.name}: ${state}`);
    if (state !== 'ready') writeLine(`  ${reason} ${remedy}`);
    writeLine('List accounts through the hub:');
    const address = `${hub.url}/api/v1/connections/${connection.id}/proxy/api/data/v9.2/accounts?$select=name&$top=3`;
    writeLine(`  curl -H "Authorization: Bearer $(cat ${apiKeyFile(dataFolder)})" '${address}'`);
  }
  writeLine();
  writeLine(dim('Ctrl-C ends.'));
}

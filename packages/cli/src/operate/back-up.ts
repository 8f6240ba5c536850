import { backUpHub, checkHubBackup, describeRows, loadConfig, restoreHub } from '@latchkey/hub';
import { environment } from '../config.ts';
import { writeLine } from '../terminal/write-line.ts';

/** Writes a backup, while hubs go on working. */
export async function writeHubBackup(
  file: string,
  { data, withKeys = false }: { data: string; withKeys?: boolean },
): Promise<void> {
  if (withKeys) {
    process.stderr.write(
      'The keys go into the file, too: whoever has it can read every token and secret in it.\n',
    );
  }
  const { rows, wrappedBy } = await backUpHub(loadConfig(environment, { dataFolder: data }), file, {
    withKeys,
  });
  writeLine(`${file}: ${describeRows(rows)}`);
  if (withKeys) return;
  writeLine('The keys are not in it: keep them apart, or nothing in it can be opened.');
  for (const address of wrappedBy) writeLine(whatElse(address));
}

/** What a wrapped key file needs elsewhere. */
function whatElse(address: string): string {
  return `The key file is wrapped: elsewhere it opens only by ${address}, for an identity that may use that key.`;
}

/** Reads a backup: whether it is whole, and whether the keys here open it. */
export async function printBackupVerdict(file: string, { data }: { data: string }): Promise<void> {
  const { head, rows, sealed } = await checkHubBackup(loadConfig(environment, { dataFolder: data }), file);
  writeLine(`${file}: whole, of ${head.createdAt}, version ${head.version}, ${describeRows(rows)}`);
  writeLine(`  ${sealed.opened} sealed values open, ${sealed.unopenedCount} do not`);
  if (sealed.unopenedCount === 0) return;
  for (const place of sealed.unopened) writeLine(`  ${place}`);
  process.stderr.write(`The keys that are needed: ${head.keyIds.join(', ')}.\n`);
  for (const address of head.wrappedBy) process.stderr.write(`${whatElse(address)}\n`);
  process.exitCode = 1;
}

/** Restores a backup into an empty database. */
export async function restoreHubBackup(
  file: string,
  { data, force = false }: { data: string; force?: boolean },
): Promise<void> {
  const { rows, wrappedBy, keyProblem } = await restoreHub(
    loadConfig(environment, { dataFolder: data }),
    file,
    {
      force,
    },
  );
  writeLine(`Restored ${describeRows(rows)}`);
  if (keyProblem === null) return;
  process.stderr.write(`${keyProblem.message}\n  ${keyProblem.remedy}\n`);
  for (const address of wrappedBy) process.stderr.write(`${whatElse(address)}\n`);
  process.exitCode = 1;
}

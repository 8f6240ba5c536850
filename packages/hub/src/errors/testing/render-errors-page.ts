import {
  type AadstsEntry,
  aadstsEntries,
  type DataverseErrorEntry,
  dataverseErrorEntries,
  type WhoActs,
} from '@latchkey/microsoft';
import { hubErrors } from '../hub-error-table.ts';

/** As a person is spoken of. */
const actors: Record<WhoActs, string> = {
  user: 'you, or whose account it is',
  administrator: 'an administrator',
  developer: 'a developer',
  operator: 'whoever runs the hub',
  nobody: 'nobody: it passes',
};

/** The text of `docs/errors.md`: every code that the hub, Microsoft Entra ID and Dataverse answer with. */
export function renderErrorsPage(): string {
  return `# Errors

Every failure has a code, a cause, somebody who acts and a next step; the UI and the API say them with the failure. This
page is made from the tables of the code: \`node scripts/write-errors-page.ts\`. What a failure's other fields mean stands in
[api.md](api.md).

## The hub

${table(['Code', 'Status', 'What happened', 'Who acts', 'What to do'], hubRows())}

## Microsoft Entra ID

A failure of a sign-in or a token request names its code as \`AADSTS…\`, with Microsoft's own words, trace id and correlation
id beside it. A code that is not listed is shown with Microsoft's sentence and its page,
\`https://login.microsoftonline.com/error?code=…\`.

${table(['Code', '`error`', 'Cause', 'Who acts', 'What to do'], aadstsRows())}

## Dataverse

The Web API answers with these; the proxy passes them on as they are, and a connection that is refused as a whole says so in
its state.

${table(['Code', 'Status', 'Name', 'Cause', 'Who acts', 'What to do'], dataverseRows())}`;
}

function hubRows(): string[][] {
  return Object.entries(hubErrors).map(([code, { status, title, whoActs, remedy }]) => [
    `\`${code}\``,
    String(status),
    title,
    actors[whoActs],
    remedy,
  ]);
}

function aadstsRows(): string[][] {
  return aadstsEntries
    .toSorted((left, right) => left.code - right.code)
    .map((entry) => [String(entry.code), namesOf(entry), entry.cause, actors[entry.whoActs], entry.remedy]);
}

function namesOf({ error, errorV1 }: AadstsEntry): string {
  const names = errorV1 === undefined || errorV1 === error ? [error] : [error, errorV1];
  return names.map((name) => `\`${name}\``).join(' / ');
}

function dataverseRows(): string[][] {
  return dataverseErrorEntries
    .toSorted((left, right) => (left.code < right.code ? -1 : 1))
    .map(({ code, httpStatus, name, cause, whoActs, remedy }: DataverseErrorEntry) => [
      `\`${code}\``,
      String(httpStatus),
      // Microsoft names not all of them.
      name || '–',
      cause,
      actors[whoActs],
      remedy,
    ]);
}

function table(heads: readonly string[], rows: readonly string[][]): string {
  const lines = [heads, heads.map(() => '---'), ...rows.map((cells) => cells.map(escapeCell))];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

/** A bar would begin another cell, an angle bracket an element. */
function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
}

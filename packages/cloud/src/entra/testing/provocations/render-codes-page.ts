import { type AadstsEntry, lookUpAadsts } from '@latchkey/microsoft';
import { provocationGroups } from './all-provocations.ts';
import type { Provocation } from './provocation.ts';

/** The text of `docs/aadsts.md`: each code that the local cloud raises, and how to meet it. */
export function renderCodesPage(): string {
  const count = provocationGroups.reduce((sum, { provocations }) => sum + provocations.length, 0);
  return `# AADSTS codes of the local cloud

The local Entra ID raises ${count} codes, each by the condition that raises it in the real one. Every row is a test, so what
is said here is so. This page is made from those tests: \`node scripts/write-aadsts-page.ts\`.

Users' conditions (\`conditions\`) and tenants' policies (\`policy\`) are set in the portal or a seed file.
Status and \`error\` are the token endpoint's, where the code occurs there; v1's \`error\` stands behind the stroke
where it differs.

${provocationGroups.map(({ title, provocations }) => renderGroup(title, provocations)).join('\n')}`;
}

function renderGroup(title: string, provocations: readonly Provocation[]): string {
  const rows = provocations.toSorted((left, right) => left.code - right.code).map(renderRow);
  return `## ${title}

| Code | Status | \`error\` | \`suberror\` | How to meet it |
|---|---|---|---|---|
${rows.join('\n')}
`;
}

function renderRow({ code, how, error }: Provocation): string {
  const entry = lookUpAadsts(code);
  if (!entry) throw new Error(`AADSTS${code} is not in the table of codes.`);
  const status = entry.httpStatus ?? (entry.delivery === 'page' ? 'page' : 'redirect');
  const suberror = entry.suberror ? `\`${entry.suberror}\`` : '';
  return `| ${code} | ${status} | ${errorNames(entry, error)} | ${suberror} | ${how} |`;
}

function errorNames({ error, errorV1 }: AadstsEntry, own: string | undefined): string {
  return [own ?? error, ...(errorV1 && errorV1 !== error ? [errorV1] : [])]
    .map((name) => `\`${name}\``)
    .join(' / ');
}

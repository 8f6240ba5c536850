import { type LocalCloud, seededPassword } from '@latchkey/cloud';

const mostNames = 8;

/** Who can sign in to a local cloud, and by which password: as much as fits on a line. */
export function peopleLine({ listPeople }: Pick<LocalCloud, 'listPeople'>, hasSeed: boolean): string {
  const names = listPeople().map(({ userPrincipalName }) => userPrincipalName);
  const shown = names.slice(0, mostNames).join(', ');
  const others = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const exception = hasSeed ? ' where the seed gives no other' : '';
  return `  people          ${shown}${others}; password ${seededPassword}${exception}`;
}

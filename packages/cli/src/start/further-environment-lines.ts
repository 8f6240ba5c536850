import type { LocalCloud } from '@latchkey/cloud';

const nameWidth = 13;

/** A line for each environment after the first: its name, its ports and its name in Microsoft's cloud. */
export function furtherEnvironmentLines({ environments }: Pick<LocalCloud, 'environments'>): string[] {
  return environments
    .slice(1)
    .map(
      ({ friendlyName, http, https, origin }) =>
        `    ${friendlyName.padEnd(nameWidth)} ${http}   ${https}   ${origin}`,
    );
}

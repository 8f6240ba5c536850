import { InvalidArgumentError } from 'commander';

const highestPort = 65_535;
/** The local cloud's last port stands this far above the hub's. */
const portSpan = 14;

/** A port that has the local cloud's behind it. */
export function parsePort(text: string): number {
  return parseBetween(text, { lowest: 1, highest: highestPort - portSpan });
}

/** A port by itself; 0 is any free one. */
export function parseAnyPort(text: string): number {
  return parseBetween(text, { lowest: 0, highest: highestPort });
}

function parseBetween(text: string, { lowest, highest }: { lowest: number; highest: number }): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < lowest || port > highest) {
    throw new InvalidArgumentError(`A port is a whole number from ${lowest} to ${highest}.`);
  }
  return port;
}

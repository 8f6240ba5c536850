import { InvalidArgumentError } from 'commander';

const highestPort = 65_535;
/** The local cloud's last port stands this far above the hub's. */
const portSpan = 14;

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port + portSpan > highestPort) {
    throw new InvalidArgumentError(`A port is a whole number from 1 to ${highestPort - portSpan}.`);
  }
  return port;
}

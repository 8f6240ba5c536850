import { bold, dim } from '../terminal/write-line.ts';

interface Exposure {
  host: string | undefined;
  publicHost: string | undefined;
}

/** The local cloud's name, who reaches it, and what that means where it is more than this machine. */
export function exposureLines({ host, publicHost }: Exposure): string[] {
  const title = (place: string) =>
    `${bold('Local Microsoft cloud')}  ${dim(`for development only; listens on ${place}`)}`;
  if (host === undefined) return [title('this machine alone')];
  const warning =
    '  Warning: whoever reaches it can sign in as anybody, since its people and passwords are public. Keep it in a network that you trust.';
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const namelessness =
    '  Its documents name localhost: give it the name that others reach it by, with --public-host.';
  return [title(host), warning, ...(isEverywhere && publicHost === undefined ? [namelessness] : [])];
}

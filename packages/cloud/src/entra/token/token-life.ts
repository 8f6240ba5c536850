import type { EntraContext } from '../entra-context.ts';

/** When a token begins and ends, in epoch seconds. */
export interface TokenLife {
  issuedAt: number;
  /** Five minutes early, for resources whose clock is behind. */
  notBefore: number;
  expiresOn: number;
  /** What the answer says: one second less than the life. */
  expiresInSeconds: number;
}

const millisecondsPerSecond = 1000;
const earlySeconds = 300;
/** The default lifetime is a random value between 60 and 90 minutes, so that apps don't all renew at once. */
const shortestSeconds = 3600;
const spreadSeconds = 1800;

export function chooseTokenLife({ clock, random }: Pick<EntraContext, 'clock' | 'random'>): TokenLife {
  const issuedAt = Math.floor(clock.now() / millisecondsPerSecond);
  const lifeSeconds = shortestSeconds + Math.floor(random.fraction() * spreadSeconds);
  return {
    issuedAt,
    notBefore: issuedAt - earlySeconds,
    expiresOn: issuedAt + lifeSeconds,
    expiresInSeconds: lifeSeconds - 1,
  };
}

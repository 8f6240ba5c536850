import { registrationWatch } from '../watch/watch-registration.ts';
import type { RegistrationHub } from './create-registration-hub.ts';

/** Looks after a registration as often as it is due at this moment. */
export async function keepUpNow({ context, clock }: RegistrationHub, id: string): Promise<void> {
  const watch = registrationWatch(context);
  for (let dueAt: number | null = 0; dueAt !== null && dueAt <= clock.now(); ) {
    dueAt = await watch.run(id, new AbortController().signal);
  }
}

/** Looks after a registration whenever it falls due, until a time; the clock moves from one to the next and to the end. */
export async function keepUpUntil(
  { context, clock }: RegistrationHub,
  id: string,
  until: number,
): Promise<void> {
  const watch = registrationWatch(context);
  for (;;) {
    const dueAt = await watch.run(id, new AbortController().signal);
    if (dueAt === null || dueAt > until) break;
    clock.advance(Math.max(dueAt - clock.now(), 1));
  }
  clock.advance(Math.max(0, until - clock.now()));
}

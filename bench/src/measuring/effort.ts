/** How much is measured: fewer starts and shorter rounds tell less. */
export interface Effort {
  /** How often both sides are started anew: a process settles a little differently each time. */
  starts: number;
  /** Of each start, in which both sides get load right after each other. */
  rounds: number;
  /** Whole seconds, as wrk knows no others. */
  warmUpSeconds: number;
  /** Whole seconds. */
  roundSeconds: number;
}

export const fullEffort: Effort = { starts: 3, rounds: 3, warmUpSeconds: 3, roundSeconds: 3 };
/** A rough answer. */
export const quickEffort: Effort = { starts: 1, rounds: 3, warmUpSeconds: 2, roundSeconds: 2 };

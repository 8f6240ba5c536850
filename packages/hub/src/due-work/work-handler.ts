/** Does the work of one kind. */
export interface WorkHandler {
  kind: string;
  /**
   * Does what is due for a subject. It may run again after a process was killed, so it goes by what the database says.
   * What it throws is logged, and the work is done again later.
   *
   * @param signal aborted when the hub closes; the work then ends at its next safe point
   * @returns when it is due next, in epoch milliseconds of the hub's clock; null for never
   */
  run(subjectId: string, signal: AbortSignal): Promise<number | null>;
}

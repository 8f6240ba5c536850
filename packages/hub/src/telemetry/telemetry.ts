import { HubError } from '../errors/hub-error.ts';

/** What a hub tells of its work to those who watch it. Nothing of it is a secret, or about a person. */
export interface Telemetry {
  metrics: HubMetrics;
  spans: Spans;
}

/** What is counted while the hub works. All of it is cheap, and costs nothing where nobody asks for it. */
export interface HubMetrics {
  /** @param outcome `ok`, or the code of the failure */
  refreshEnded(outcome: string, milliseconds: number): void;
  /** Somebody waited for another process's refresh. */
  leaseWaited(milliseconds: number): void;
  /** A proxied call is over. @param status what the caller got; 0 when it went away */
  callEnded(status: number, milliseconds: number): void;
  /** The keeper has done a piece of work. @param outcome `ok`, or the code of the failure */
  workEnded(kind: string, outcome: string, milliseconds: number): void;
}

/** Names and values; ids of ours, never tokens, names of people or addresses with queries. */
type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** Spans of what takes a while. */
export interface Spans {
  /** Runs work as a span, beneath the one that it was called in. What it throws marks the span by its code. */
  run<T>(name: string, attributes: SpanAttributes, work: () => Promise<T>): Promise<T>;
}

const nothing = () => undefined;

/** Where nobody counts. */
export const noMetrics: HubMetrics = {
  refreshEnded: nothing,
  leaseWaited: nothing,
  callEnded: nothing,
  workEnded: nothing,
};

/** Where nobody takes spans. */
export const noSpans: Spans = { run: (_name, _attributes, work) => work() };

/** @returns what a failure is counted and marked by: its code; `error` for one that nobody expected */
export function outcomeOf(error: unknown): string {
  return error instanceof HubError ? error.code : 'error';
}

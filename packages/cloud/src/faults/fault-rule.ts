/** The services that faults can be caused in. */
export const faultServices = ['entra', 'graph', 'crm', 'admin'] as const;
export type FaultService = (typeof faultServices)[number];

/** What goes wrong. */
export type FaultEffect =
  /** The answer comes later by so much real time; other faults of the request happen after it. */
  | { kind: 'latency'; milliseconds: number }
  /** The connection ends without an answer. */
  | { kind: 'drop_connection' }
  /** A web page comes in place of what was asked for, as from a gateway or a captive portal. */
  | { kind: 'html'; status?: number }
  /** The real answer stops in the middle of its body. */
  | { kind: 'cut_body' }
  /** 429 with `Retry-After`, in the words of the service. */
  | { kind: 'throttle'; retryAfterSeconds: number }
  /** 500 to 599, in the words of the service. */
  | { kind: 'server_error'; status: number; retryAfterSeconds?: number };

/** Which requests something goes wrong with; what is left out matches every request. */
export interface FaultRule {
  service?: FaultService;
  /** Of the path without the query: `*` stands for anything, upper and lower case are one. */
  path?: string;
  /** The app's client id: from the request to Entra ID, or from the token sent to a resource. */
  clientId?: string;
  /** The next so many requests. One when neither this nor `share` is given; without end when only `share` is. */
  times?: number;
  /** This part of the requests, by chance: from 0 to 1. */
  share?: number;
  effect: FaultEffect;
}

/** A rule that was set, with what became of it. */
export interface Fault {
  id: string;
  rule: FaultRule;
  /** How many requests it met. */
  hits: number;
  /** How many it will still meet; null without end. */
  remaining: number | null;
}

import type { Random } from '../random.ts';
import type { Fault, FaultEffect, FaultRule, FaultService } from './fault-rule.ts';
import { readFaultRule } from './read-fault-rule.ts';

/** A request, as faults are matched by. */
export interface FaultableRequest {
  service: FaultService;
  /** Without the query. */
  path: string;
  /** Asked for only where a rule names an app. */
  clientId: () => string | undefined;
}

/** The faults that are set. */
export interface Faults {
  /** @throws FaultRuleError when the rule can't be taken */
  add(rule: FaultRule): Fault;
  /** Those that have not met all their requests yet. */
  list(): Fault[];
  /** @returns whether there was such a fault */
  remove(id: string): boolean;
  clear(): void;
  /** Whether any fault is set: what a request without faults costs. */
  readonly areSet: boolean;
  /** What goes wrong with a request: delays first, then at most one other effect. Counts it. */
  meet(request: FaultableRequest): FaultEffect[];
}

interface SetFault extends Fault {
  pathPattern: RegExp | null;
}

export function createFaults(random: Pick<Random, 'guid' | 'fraction'>): Faults {
  let faults: SetFault[] = [];
  return {
    add(given) {
      const rule = readFaultRule(given);
      const fault: SetFault = {
        id: random.guid(),
        rule,
        hits: 0,
        remaining: rule.times ?? (rule.share === undefined ? 1 : null),
        pathPattern: rule.path === undefined ? null : patternOf(rule.path),
      };
      faults.push(fault);
      return present(fault);
    },
    list: () => faults.map(present),
    remove(id) {
      const before = faults.length;
      faults = faults.filter((fault) => fault.id !== id);
      return faults.length < before;
    },
    clear() {
      faults = [];
    },
    get areSet() {
      return faults.length > 0;
    },
    meet(request) {
      const delays: FaultEffect[] = [];
      let other: FaultEffect | undefined;
      for (const fault of faults) {
        const { effect, share } = fault.rule;
        const isDelay = effect.kind === 'latency';
        if ((other && !isDelay) || !matches(fault, request)) continue;
        if (share !== undefined && random.fraction() >= share) continue;
        fault.hits += 1;
        if (fault.remaining !== null) fault.remaining -= 1;
        if (isDelay) delays.push(effect);
        else other = effect;
      }
      faults = faults.filter((fault) => fault.remaining !== 0);
      return other ? [...delays, other] : delays;
    },
  };
}

function matches({ rule, pathPattern }: SetFault, request: FaultableRequest): boolean {
  if (rule.service !== undefined && rule.service !== request.service) return false;
  if (pathPattern && !pathPattern.test(request.path)) return false;
  return rule.clientId === undefined || rule.clientId.toLowerCase() === request.clientId()?.toLowerCase();
}

/** `*` stands for anything; adjoining stars are one, so that no pattern is slow. */
function patternOf(path: string): RegExp {
  const parts = path.split(/\*+/).map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i');
}

function present({ id, rule, hits, remaining }: SetFault): Fault {
  return { id, rule, hits, remaining };
}

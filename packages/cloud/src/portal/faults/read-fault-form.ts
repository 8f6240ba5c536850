import type { FaultEffect, FaultRule } from '../../faults/fault-rule.ts';
import { readFaultRule } from '../../faults/read-fault-rule.ts';
import type { Parameters } from '../../web/parse-form.ts';

interface FaultKind {
  kind: FaultEffect['kind'];
  title: string;
  /** What the form's one number means for this effect; null where it means nothing. */
  number: 'milliseconds' | 'retryAfterSeconds' | 'status' | null;
}

/** What can be made to happen, in the order of the form. */
export const faultKinds: readonly FaultKind[] = [
  { kind: 'latency', title: 'The answer comes late', number: 'milliseconds' },
  { kind: 'drop_connection', title: 'The connection is lost', number: null },
  { kind: 'html', title: 'A web page comes instead', number: 'status' },
  { kind: 'cut_body', title: 'The body is cut', number: null },
  { kind: 'throttle', title: '429 Too many requests', number: 'retryAfterSeconds' },
  { kind: 'server_error', title: 'A server error', number: 'status' },
];

/** The rule that the form asks for. @throws FaultRuleError when it can't be taken */
export function readFaultForm(form: Parameters): FaultRule {
  const kind = form.get('kind');
  const number = faultKinds.find((known) => known.kind === kind)?.number ?? null;
  const [amount, service, path, clientId, times] = ['number', 'service', 'path', 'client', 'times'].map(
    (name) => form.get(name),
  );
  return readFaultRule({
    ...(service !== undefined && { service }),
    ...(path !== undefined && { path }),
    ...(clientId !== undefined && { clientId }),
    ...(times !== undefined && { times: Number(times) }),
    effect: { kind, ...(number !== null && amount !== undefined && { [number]: Number(amount) }) },
  });
}

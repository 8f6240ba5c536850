import { isRecord } from '../ground/json.ts';
import { type FaultEffect, type FaultRule, type FaultService, faultServices } from './fault-rule.ts';

/** A rule that can't be taken, with what is wrong in words. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError';
}

type Fields = Readonly<Record<string, unknown>>;

const mostLatencyMilliseconds = 600_000;
const mostRetryAfterSeconds = 86_400;
const mostTimes = 1_000_000;
const statuses = { least: 200, serverError: 500, most: 599 };
const ruleNames = ['service', 'path', 'clientId', 'times', 'share', 'effect'];

const effectReaders: Readonly<Record<FaultEffect['kind'], (fields: Fields) => FaultEffect>> = {
  latency: (fields) => ({
    kind: 'latency',
    milliseconds: readNumber(fields, 'milliseconds', 0, mostLatencyMilliseconds),
  }),
  drop_connection: () => ({ kind: 'drop_connection' }),
  html: (fields) => ({
    kind: 'html',
    ...(fields.status !== undefined && {
      status: readWhole(fields, 'status', statuses.least, statuses.most),
    }),
  }),
  cut_body: () => ({ kind: 'cut_body' }),
  throttle: (fields) => ({ kind: 'throttle', retryAfterSeconds: readRetryAfter(fields) }),
  server_error: (fields) => ({
    kind: 'server_error',
    status: readWhole(fields, 'status', statuses.serverError, statuses.most),
    ...(fields.retryAfterSeconds !== undefined && { retryAfterSeconds: readRetryAfter(fields) }),
  }),
};

/** Reads a rule from outside. @throws FaultRuleError */
export function readFaultRule(value: unknown): FaultRule {
  const fields = readFields(value, 'A fault');
  const unknown = Object.keys(fields).find((name) => !ruleNames.includes(name));
  if (unknown !== undefined) throw new FaultRuleError(`A fault has no '${unknown}'.`);
  return {
    ...(fields.service !== undefined && { service: readService(fields.service) }),
    ...(fields.path !== undefined && { path: readText(fields, 'path') }),
    ...(fields.clientId !== undefined && { clientId: readText(fields, 'clientId') }),
    ...(fields.times !== undefined && { times: readWhole(fields, 'times', 1, mostTimes) }),
    ...(fields.share !== undefined && { share: readNumber(fields, 'share', 0, 1) }),
    effect: readEffect(fields.effect),
  };
}

function readEffect(value: unknown): FaultEffect {
  const fields = readFields(value, "A fault's 'effect'");
  const read = Object.entries(effectReaders).find(([kind]) => kind === fields.kind)?.[1];
  if (!read) {
    throw new FaultRuleError(`The effect's 'kind' is one of ${Object.keys(effectReaders).join(', ')}.`);
  }
  return read(fields);
}

function readService(value: unknown): FaultService {
  const service = faultServices.find((name) => name === value);
  if (!service) throw new FaultRuleError(`'service' is one of ${faultServices.join(', ')}.`);
  return service;
}

function readFields(value: unknown, what: string): Fields {
  if (!isRecord(value)) throw new FaultRuleError(`${what} is a JSON object.`);
  return value;
}

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string' || value === '') throw new FaultRuleError(`'${name}' is a text.`);
  return value;
}

function readRetryAfter(fields: Fields): number {
  return readWhole(fields, 'retryAfterSeconds', 0, mostRetryAfterSeconds);
}

function readWhole(fields: Fields, name: string, least: number, most: number): number {
  const value = readNumber(fields, name, least, most);
  if (!Number.isInteger(value)) throw new FaultRuleError(`'${name}' is a whole number.`);
  return value;
}

function readNumber(fields: Fields, name: string, least: number, most: number): number {
  const value = fields[name];
  if (typeof value !== 'number' || !(value >= least && value <= most)) {
    throw new FaultRuleError(`'${name}' is a number from ${least} to ${most}.`);
  }
  return value;
}

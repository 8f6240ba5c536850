import type { HubConfig } from '../config/config.ts';
import { HubError, type HubErrorCode, toFailure } from '../errors/hub-error.ts';
import type { Clock } from '../ground/clock.ts';
import { millisecondsPerMinute, millisecondsPerSecond } from '../ground/durations.ts';
import { readDate } from '../ground/outside-values.ts';
import { describeOutboundError } from '../outbound/describe-outbound-error.ts';
import { OutboundError, type OutboundHttp, type OutboundResponse } from '../outbound/outbound-http.ts';
import { findOwnTables } from '../store/own-tables.ts';
import type { Store } from '../store/store.ts';
import { type Finding, failing, fine, warning } from './finding.ts';

/** Connections' environments that are looked at. */
const mostEnvironments = 5;
const patience = 10 * millisecondsPerSecond;
/** Tokens and codes are refused beyond this (AADSTS500133, 700024). */
const worstSkew = 5 * millisecondsPerMinute;
const noticedSkew = 30 * millisecondsPerSecond;

interface ReachParameters {
  config: HubConfig;
  outbound: OutboundHttp;
  store: Store | null;
  clock: Clock;
}

/** Looks whether those answer whom a hub needs: Entra ID (and what its clock says), Graph, environments. */
export async function examineReach({ config, outbound, store, clock }: ReachParameters): Promise<Finding[]> {
  const { authority, graph } = config.cloud;
  const discovery = `${authority}/common/v2.0/.well-known/openid-configuration`;
  const environments = await readEnvironments(store);
  const [entra, ...others] = await Promise.all([
    ask(outbound, 'authority', discovery, 'token_endpoint_unavailable'),
    ask(outbound, 'graph', `${graph}/v1.0/`, 'graph_unavailable'),
    ...environments.map((url) => ask(outbound, 'environment', `${url}/api/data/`, 'crm_unavailable')),
  ]);
  return [entra.finding, examineClock(entra.answer, clock), ...others.map(({ finding }) => finding)];
}

interface Asked {
  finding: Finding;
  answer: OutboundResponse | null;
}

/** Any answer will do: who asks without a token is refused by somebody who is there. */
async function ask(outbound: OutboundHttp, name: string, url: string, code: HubErrorCode): Promise<Asked> {
  const { host } = new URL(url);
  try {
    const answer = await outbound.request(url, { method: 'GET', timeoutMilliseconds: patience });
    return { finding: fine(name, `${host} answers.`), answer };
  } catch (error) {
    const failure = describe(error, code);
    if (failure === null) throw error;
    const { title, detail, remedy } = toFailure(failure);
    return { finding: failing(name, `${host}: ${title}. ${detail}`, remedy), answer: null };
  }
}

function describe(error: unknown, code: HubErrorCode): HubError | null {
  if (error instanceof HubError) return error;
  return error instanceof OutboundError
    ? describeOutboundError(error, { code, detail: error.message })
    : null;
}

function examineClock(answer: OutboundResponse | null, clock: Clock): Finding {
  const theirs = readDate(answer?.headers.date);
  if (theirs === null) {
    return warning('clock', 'It could not be held against Entra ID’s.', 'Look again once Entra ID answers.');
  }
  const skew = Math.abs(clock.now() - theirs);
  const detail = `${Math.round(skew / millisecondsPerSecond)} seconds from Entra ID’s.`;
  const advice = 'Let the system set its clock (NTP).';
  if (skew > worstSkew) return failing('clock', detail, advice);
  return skew > noticedSkew ? warning('clock', detail, advice) : fine('clock', detail);
}

async function readEnvironments(store: Store | null): Promise<string[]> {
  if (!store) return [];
  const tables = await findOwnTables(store.db);
  if (!tables.some((table) => table.name === 'connections')) return [];
  const rows = await store.db
    .selectFrom('connections')
    .select('environment_url')
    .where('disabled', '=', 0)
    .orderBy('created_at', 'desc')
    .limit(mostEnvironments * mostEnvironments)
    .execute();
  return [...new Set(rows.map((row) => row.environment_url))].slice(0, mostEnvironments);
}

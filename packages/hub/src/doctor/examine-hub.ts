import type { HubConfig } from '../config/config.ts';
import { ConfigError } from '../config/config-error.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Clock, StartTimer } from '../ground/clock.ts';
import { createOutboundHttp } from '../outbound/create-outbound-http.ts';
import { examineConfiguration } from './examine-configuration.ts';
import { examineDatabase } from './examine-database.ts';
import { examineKeys } from './examine-keys.ts';
import { examineProcess } from './examine-process.ts';
import { examineReach } from './examine-reach.ts';
import { type Finding, failing } from './finding.ts';

interface ExamineParameters {
  environment: Readonly<Record<string, string | undefined>>;
  overrides: Partial<HubConfig>;
  clock: Clock;
  startTimer: StartTimer;
  caCertificates?: readonly string[];
}

/**
 * Looks at everything that a hub stands on, whether it runs or not, and changes nothing: its configuration, database,
 * keys, clock, and who it has to reach.
 *
 * @returns what was found, in that order; where the configuration makes no sense, that alone
 */
export async function examineHub(parameters: ExamineParameters): Promise<Finding[]> {
  const config = readConfiguration(parameters);
  if (!('host' in config)) return [config];
  const outbound = createOutboundHttp({ ...parameters, config });
  try {
    const { findings, store } = await examineDatabase(config);
    try {
      return [
        ...examineConfiguration(config, parameters.clock),
        ...findings,
        ...(await examineKeys(config, store, parameters.clock)),
        ...(await examineReach({ config, outbound, store, clock: parameters.clock })),
        await examineProcess(config, parameters.startTimer),
      ];
    } finally {
      await store?.close();
    }
  } finally {
    await outbound.close();
  }
}

function readConfiguration({ environment, overrides }: ExamineParameters): HubConfig | Finding {
  try {
    return loadConfig(environment, overrides);
  } catch (error) {
    if (error instanceof ConfigError) return failing('configuration', error.message, error.remedy);
    throw error;
  }
}

import {
  type EnvironmentAddress,
  EnvironmentAddressError,
  nationalClouds,
  parseEnvironmentAddress,
} from '@latchkey/microsoft';
import type { CloudConfig } from '../../config/config.ts';
import { HubError } from '../../errors/hub-error.ts';
import type { ProviderEnvironment } from '../provider.ts';
import { readPastedSettings } from './read-pasted-settings.ts';

/**
 * Finds the environment in whatever was pasted, and makes sure that it is one of the cloud that this hub signs in to.
 *
 * @throws HubError `environment_address_invalid`, at the field `environmentUrl`
 */
export function parseEnvironmentUrl(cloud: CloudConfig, input: string): ProviderEnvironment {
  const address = parse(cloud, input);
  const { origin, organization, region } = address;
  if (address.cloud === 'local' || address.cloud === cloud.name) {
    const pasted = readPastedSettings(input);
    return { origin, organization, region: region.title, cloud: address.cloud, pasted };
  }
  throw invalid(
    `This environment belongs to ${nationalClouds[address.cloud].title}; the hub is set up for ${cloud.title}.`,
    'Paste the address of an environment of that cloud, or let the operator set LATCHKEY_CLOUD.',
  );
}

function parse(cloud: CloudConfig, input: string): EnvironmentAddress {
  try {
    return parseEnvironmentAddress(input, { localOrigins: cloud.localEnvironments });
  } catch (error) {
    if (error instanceof EnvironmentAddressError) throw invalid(error.message, error.remedy, error);
    throw error;
  }
}

function invalid(detail: string, remedy: string, cause?: unknown): HubError {
  const fields = [{ path: 'environmentUrl', message: detail }];
  return new HubError('environment_address_invalid', { detail, remedy, fields, cause });
}

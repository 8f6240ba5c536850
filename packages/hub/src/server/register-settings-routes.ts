import { environmentAddressSchema, parseEnvironmentAddressSchema, settingsSchema } from '@latchkey/api';
import { hubVersion } from '../config/config.ts';
import { millisecondsPerSecond } from '../ground/durations.ts';
import { redirectUriOf } from '../http/callback-path.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { PastedSettings, ProviderContext } from '../providers/provider.ts';

/** What the hub is set to, and how it understands what people paste. */
export function registerSettingsRoutes(app: HubApp, context: ProviderContext): void {
  app.get(
    '/api/v1/settings',
    {
      config: { scope: null },
      schema: {
        summary: 'The hub’s public settings',
        tags: ['settings'],
        response: { 200: settingsSchema },
      },
    },
    async () => {
      const { publicUrl, cloud } = context.config;
      const skew = context.authorityClocks.skewOf(new URL(cloud.authority).origin);
      return {
        version: hubVersion,
        publicUrl,
        workloadIdentity: context.workloadIdentity?.kind ?? null,
        redirectUri: redirectUriOf(context.config),
        clockSkewSeconds: skew && Math.round(skew.skew / millisecondsPerSecond),
        cloud: { ...cloud, localEnvironments: [...cloud.localEnvironments] },
      };
    },
  );

  app.post(
    '/api/v1/environment-address',
    {
      config: { scope: null },
      schema: {
        summary: 'Understand a pasted environment address or connection string',
        tags: ['settings'],
        body: parseEnvironmentAddressSchema,
        response: { 200: environmentAddressSchema },
      },
    },
    async (request) => {
      const { pasted, ...address } = context.provider.parseEnvironmentUrl(
        context.config.cloud,
        request.body.address,
      );
      return { ...address, connectionString: pasted && presentPastedSettings(pasted) };
    },
  );
}

/** The secret stays out: whoever pasted it has it. */
function presentPastedSettings({ method, clientId, clientSecret, tenantId, remarks }: PastedSettings) {
  return { method, clientId, tenantId, hasClientSecret: clientSecret !== null, remarks: [...remarks] };
}

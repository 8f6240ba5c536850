import type { FastifyInstance } from 'fastify';
import type { MovableClock } from '../clock.ts';
import type { ServicesContext } from '../create-cloud-context.ts';
import { registerConsentRequestControl } from '../entra/consent/register-consent-request-control.ts';
import { registerFaultControl } from '../faults/register-fault-control.ts';
import { registerKeyControl } from '../jwt/register-key-control.ts';
import type { CloudState } from '../seed/cloud-state.ts';
import { registerStateControl } from '../seed/register-state-control.ts';
import { registerSignInControl } from '../sign-in-log/register-sign-in-control.ts';
import { registerAdminApi } from './register-admin-api.ts';
import { registerClockControl } from './register-clock-control.ts';

/** Lets other processes control the cloud, by every route below `/_latchkey/`. */
export function registerControls(
  app: FastifyInstance,
  { context, state, clock }: { context: ServicesContext; state: CloudState; clock: MovableClock },
): void {
  registerAdminApi(app, context.addresses, [
    (scope) => registerClockControl(scope, clock),
    (scope) => registerFaultControl(scope, context),
    (scope) => registerKeyControl(scope, context),
    (scope) => registerSignInControl(scope, context.signIns),
    (scope) => registerStateControl(scope, state),
    (scope) => registerConsentRequestControl(scope, context),
  ]);
}

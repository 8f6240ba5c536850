import cookie from '@fastify/cookie';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { authenticateCallers } from '../access/authenticate.ts';
import { nameCaller } from '../access/caller.ts';
import { registerAccessRoutes } from '../access/register-access-routes.ts';
import { createApiKeyMemory } from '../access/verify-api-key.ts';
import { applicationUserSignIn } from '../application-users/application-user-sign-in.ts';
import { applicationUserPurpose } from '../application-users/begin-application-user.ts';
import { registerApplicationUserRoutes } from '../application-users/register-application-user-routes.ts';
import { connectionPurpose, connectionSignIn } from '../connections/connection-sign-in.ts';
import { registerConnectionRoutes } from '../connections/register-connection-routes.ts';
import { startSystemTimer } from '../ground/clock.ts';
import { millisecondsPerMinute } from '../ground/durations.ts';
import { answerBrokenRequests } from '../http/answer-broken-requests.ts';
import { answerProblems, sendProblem } from '../http/answer-problems.ts';
import type { HubApp } from '../http/hub-app.ts';
import { logRequests } from '../http/log-requests.ts';
import { parseJsonBodies } from '../http/parse-json-bodies.ts';
import { createRequestIds } from '../http/request-ids.ts';
import { sendSecurityHeaders } from '../http/security-headers.ts';
import { registerKeeperRoutes } from '../keeper/register-keeper-routes.ts';
import { registerProxyRoutes } from '../proxy/register-proxy-routes.ts';
import { administratorPurpose } from '../registrations/administrator-client.ts';
import { administratorSignIn } from '../registrations/administrator-sign-in.ts';
import { registerRegistrationRoutes } from '../registrations/register-registration-routes.ts';
import { registerSignInRoutes } from '../sign-ins/register-sign-in-routes.ts';
import type { SignInContext } from '../sign-ins/sign-in-subject.ts';
import type { TokenContext } from '../tokens/token-context.ts';
import { endConnections } from './end-connections.ts';
import { withConnectionProof } from './prove-connection.ts';
import { registerHealthRoutes } from './register-health-routes.ts';
import { registerHubEventRoutes } from './register-hub-event-routes.ts';
import { registerOpenApi } from './register-openapi.ts';
import { registerSettingsRoutes } from './register-settings-routes.ts';
import { serveUi } from './serve-ui.ts';

/**
 * How long a request may take to arrive, its body included (Node's own figure, which Fastify takes away). Enough for
 * an upload over a slow line, and an end for who never finishes.
 */
const arriveWithinMilliseconds = 5 * millisecondsPerMinute;

/**
 * What a request's head may be long, its address included. Dataverse takes addresses of 32,768 characters ("Compose HTTP
 * requests and handle errors"), which Node's own 16 KiB would refuse.
 */
const longestRequestHeadBytes = 64 * 1024;

/** Puts the hub's HTTP edge together: what is shared first, then each domain's routes. */
export async function buildApp(context: TokenContext): Promise<HubApp> {
  const loggerInstance: FastifyBaseLogger = context.log;
  const createRequestId = createRequestIds(context.random);
  const problems = { ...context, nameCaller };
  const app: HubApp = Fastify({
    loggerInstance,
    // The one logger, not a child for each request: our lines carry the request id themselves.
    childLoggerFactory: (logger) => logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: context.config.bodyLimitBytes,
    requestTimeout: arriveWithinMilliseconds,
    http: { maxHeaderSize: longestRequestHeadBytes },
    genReqId: createRequestId,
    // Ids of callers are not taken over: they could forge the log.
    requestIdHeader: false,
    // What the router refuses never comes to the error handler.
    frameworkErrors: (thrown, request, reply) => {
      void sendProblem(problems, { thrown, request, reply });
    },
    clientErrorHandler: answerBrokenRequests(context, createRequestId),
    return503OnClosing: true,
    forceCloseConnections: 'idle',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);

  endConnections(app);
  logRequests(app, context, nameCaller);
  sendSecurityHeaders(app, context);
  answerProblems(app, problems);
  parseJsonBodies(app);
  await app.register(cookie);
  await registerOpenApi(app);
  const apiKeys = createApiKeyMemory(context);
  authenticateCallers(app, context, apiKeys);

  const applicationUsers = withConnectionProof(context);
  const signIns: SignInContext = {
    ...context,
    subjects: {
      [connectionPurpose]: connectionSignIn(context),
      [administratorPurpose]: administratorSignIn(context),
      [applicationUserPurpose]: applicationUserSignIn(applicationUsers),
    },
  };

  registerHealthRoutes(app, context, startSystemTimer);
  registerSettingsRoutes(app, context);
  registerHubEventRoutes(app, context);
  registerAccessRoutes(app, context, apiKeys);
  registerSignInRoutes(app, signIns);
  registerConnectionRoutes(app, context);
  registerApplicationUserRoutes(app, applicationUsers);
  registerProxyRoutes(app, context);
  registerRegistrationRoutes(app, context);
  registerKeeperRoutes(app, context);
  await serveUi(app, signIns);
  return app;
}

import { applicationUserSchema, beginApplicationUserSchema, chooseRolesSchema } from '@latchkey/api';
import { z } from 'zod';
import type { HubApp } from '../http/hub-app.ts';
import type { ApplicationUserRow } from '../store/schema.ts';
import { readTokenState } from '../tokens/read-token-state.ts';
import type { ApplicationUserContext } from './application-user-context.ts';
import { findApplicationUser } from './application-user-row.ts';
import { beginApplicationUser, retryApplicationUser, undoApplicationUser } from './begin-application-user.ts';
import { chooseRoles } from './choose-roles.ts';
import { presentApplicationUser } from './present-application-user.ts';
import { startApplicationUser } from './run-application-user.ts';

const path = '/api/v1/connections/:id/application-user';
const tags = ['application users'];
const params = z.object({ id: z.string() });

/** How a connection's application is let into its environment as itself, and out again. */
export function registerApplicationUserRoutes(app: HubApp, context: ApplicationUserContext): void {
  const present = async (row: ApplicationUserRow) => {
    const { connection } = await readTokenState(context, row.connection_id);
    return presentApplicationUser(context, row, connection.client_id);
  };

  app.get(
    path,
    {
      config: { scope: 'connections:read' },
      schema: {
        summary: 'Show how the application is let into the environment, step by step',
        tags,
        params,
        response: { 200: applicationUserSchema },
      },
    },
    async (request) => {
      const row = await findApplicationUser(context, request.params.id);
      // Whoever looks sees to it that it goes on where a process died.
      startApplicationUser(context, row);
      return present(row);
    },
  );

  app.post(
    path,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary:
          'Let the application into the environment as itself: an administrator signs in, roles are chosen',
        tags,
        params,
        body: beginApplicationUserSchema.nullish(),
        response: { 201: applicationUserSchema },
      },
    },
    async (request, reply) => {
      const row = await beginApplicationUser(context, request.params.id, request.body ?? {});
      return reply.code(201).send(await present(row));
    },
  );

  app.post(
    `${path}/roles`,
    {
      config: { scope: 'connections:write' },
      schema: {
        summary: 'Choose security roles of the environment’s own list, by id or name',
        tags,
        params,
        body: chooseRolesSchema,
        response: { 202: applicationUserSchema },
      },
    },
    async (request, reply) => {
      const row = await chooseRoles(context, request.params.id, request.body.roles);
      return reply.code(202).send(await present(row));
    },
  );

  for (const [action, summary, act] of [
    [
      'retry',
      'Go on from the step that failed, with a fresh sign-in where that takes one',
      retryApplicationUser,
    ],
    ['undo', 'Take back the roles that were given, and the user where the hub made it', undoApplicationUser],
  ] as const) {
    app.post(
      `${path}/${action}`,
      {
        config: { scope: 'connections:write' },
        schema: { summary, tags, params, response: { 202: applicationUserSchema } },
      },
      async (request, reply) => reply.code(202).send(await present(await act(context, request.params.id))),
    );
  }
}

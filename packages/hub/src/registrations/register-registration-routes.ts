import {
  administratorTaskSchema,
  createRegistrationSchema,
  endRegistrationSchema,
  eventPageRequestSchema,
  eventSchema,
  pageRequestSchema,
  pageSchema,
  registrationSchema,
  registrationUsageSchema,
  rotateSchema,
  signInRequestSchema,
  updateRegistrationSchema,
} from '@latchkey/api';
import { z } from 'zod';
import { nameCaller } from '../access/caller.ts';
import { readTimeline } from '../events/list-events.ts';
import type { HubApp } from '../http/hub-app.ts';
import type { ProviderContext } from '../providers/provider.ts';
import { beginAdministratorTask } from './administrator-tasks/begin-administrator-task.ts';
import { publicCertificate } from './certificates/registration-certificate.ts';
import { createRegistration } from './create-registration.ts';
import { deleteRegistration } from './delete-registration.ts';
import { findRegistration } from './find-registration.ts';
import { listRegistrations } from './list-registrations.ts';
import { presentRegistration } from './present-registration.ts';
import { readUsage, type WhatMayStop } from './registration-usage.ts';
import { retryRegistration } from './retry-registration.ts';
import { rotateByHand } from './rotation/rotate-by-hand.ts';
import { startRegistration } from './run-registration.ts';
import { signInAgain } from './sign-in-again.ts';
import { undoRegistration } from './undo-registration.ts';
import { updateRegistration } from './update-registration.ts';
import { checkNow } from './watch/check-now.ts';

const tags = ['registrations'];
const params = z.object({ id: z.string() });

/** The app registrations: made with an administrator's sign-in, or adopted. */
export function registerRegistrationRoutes(app: HubApp, context: ProviderContext): void {
  app.post(
    '/api/v1/registrations',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Register an application in Microsoft Entra ID, or adopt one that exists',
        tags,
        body: createRegistrationSchema,
        response: { 201: registrationSchema },
      },
    },
    async (request, reply) => {
      const row = await createRegistration(context, request.body, nameCaller(request));
      return reply.code(201).send(presentRegistration(context, row));
    },
  );

  app.get(
    '/api/v1/registrations',
    {
      config: { scope: 'registrations:read' },
      schema: {
        summary: 'List the registrations',
        tags,
        querystring: pageRequestSchema,
        response: { 200: pageSchema(registrationSchema) },
      },
    },
    async (request) => {
      const { rows, nextCursor } = await listRegistrations(context, request.query);
      return { items: rows.map((row) => presentRegistration(context, row)), nextCursor };
    },
  );

  app.get(
    '/api/v1/registrations/:id',
    {
      config: { scope: 'registrations:read' },
      schema: {
        summary: 'Show a registration with its steps as they happen',
        tags,
        params,
        response: { 200: registrationSchema },
      },
    },
    async (request) => {
      const row = await findRegistration(context, request.params.id);
      // Whoever looks sees to it that a registration goes on whose process died.
      startRegistration(context, row);
      return presentRegistration(context, row);
    },
  );

  app.patch(
    '/api/v1/registrations/:id',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Change a registration’s name, client secret, certificate or rotation; its connections stay',
        tags,
        params,
        body: updateRegistrationSchema,
        response: { 200: registrationSchema },
      },
    },
    async (request) => {
      const row = await updateRegistration(context, request.params.id, request.body, nameCaller(request));
      return presentRegistration(context, row);
    },
  );

  app.get(
    '/api/v1/registrations/:id/certificate',
    {
      config: { scope: 'registrations:read' },
      schema: {
        summary: 'Download the public part of a registration’s certificate, as PEM, to upload it by hand',
        tags,
        params,
        response: { 200: z.string() },
      },
    },
    async (request, reply) => {
      const row = await findRegistration(context, request.params.id);
      const certificate = publicCertificate(context, row);
      reply.header('content-disposition', `attachment; filename="latchkey-${row.id}.pem"`);
      return reply.type('application/x-pem-file').send(certificate);
    },
  );

  app.get(
    '/api/v1/registrations/:id/events',
    {
      config: { scope: 'registrations:read' },
      schema: {
        summary:
          'What happened to a registration, the newest first; a deleted one keeps its timeline for a time',
        tags,
        params,
        querystring: eventPageRequestSchema,
        response: { 200: pageSchema(eventSchema) },
      },
    },
    async (request) => {
      const { id } = request.params;
      return readTimeline(context, id, request.query, async () => {
        await findRegistration(context, id);
        return null;
      });
    },
  );

  registerActions(app, context);
}

function registerActions(app: HubApp, context: ProviderContext): void {
  app.post(
    '/api/v1/registrations/:id/sign-in',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Offer the administrator a fresh sign-in',
        tags,
        params,
        body: signInRequestSchema.nullish(),
        response: { 200: registrationSchema },
      },
    },
    async (request) => {
      const { administratorSignIn } = request.body ?? {};
      const row = await signInAgain(context, request.params.id, administratorSignIn, nameCaller(request));
      return presentRegistration(context, row);
    },
  );

  app.post(
    '/api/v1/registrations/:id/rotate',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary:
          'Make a new client secret, certificate or federated credential, prove it, switch all connections to it, and remove the old one later',
        tags,
        params,
        body: rotateSchema.nullish(),
        response: { 202: registrationSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { administratorSignIn: signIn, credential = null } = request.body ?? {};
      const row =
        signIn === undefined
          ? await rotateByHand(context, id, credential, nameCaller(request))
          : await beginAdministratorTask(context, id, {
              task: 'rotate',
              signIn,
              credential,
              caller: nameCaller(request),
            });
      return reply.code(202).send(presentRegistration(context, row));
    },
  );

  for (const [path, task, summary] of administratorTasks) {
    app.post(
      `/api/v1/registrations/:id/${path}`,
      {
        config: { scope: 'registrations:write' },
        schema: {
          summary,
          tags,
          params,
          body: administratorTaskSchema,
          response: { 202: registrationSchema },
        },
      },
      async (request, reply) => {
        const { administratorSignIn: signIn } = request.body;
        const asked = { task, signIn, caller: nameCaller(request) };
        const row = await beginAdministratorTask(context, request.params.id, asked);
        return reply.code(202).send(presentRegistration(context, row));
      },
    );
  }

  app.get(
    '/api/v1/registrations/:id/usage',
    {
      config: { scope: 'registrations:read' },
      schema: {
        summary:
          'Tell which connections would stop without the registration, and what the hub has made for them in environments',
        tags,
        params,
        response: { 200: registrationUsageSchema },
      },
    },
    async (request) => {
      await findRegistration(context, request.params.id);
      return readUsage(context.store, request.params.id);
    },
  );

  app.delete(
    '/api/v1/registrations/:id',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Delete a registration from the hub; what is in Microsoft Entra ID stays',
        tags,
        params,
        querystring: endRegistrationSchema,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await deleteRegistration(context, request.params.id, mayStop(request.query), nameCaller(request));
      return reply.code(204).send(null);
    },
  );

  app.post(
    '/api/v1/registrations/:id/check',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Try the client secret, and hold the application against what the registration needs',
        tags,
        params,
        response: { 200: registrationSchema },
      },
    },
    async (request) => presentRegistration(context, await checkNow(context, request.params.id)),
  );

  app.post(
    '/api/v1/registrations/:id/retry',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Go on from the step that failed',
        tags,
        params,
        response: { 202: registrationSchema },
      },
    },
    async (request, reply) => {
      const row = await retryRegistration(context, request.params.id, nameCaller(request));
      return reply.code(202).send(presentRegistration(context, row));
    },
  );

  app.post(
    '/api/v1/registrations/:id/undo',
    {
      config: { scope: 'registrations:write' },
      schema: {
        summary: 'Delete what the registration made in Microsoft Entra ID',
        tags,
        params,
        querystring: endRegistrationSchema,
        response: { 200: registrationSchema, 202: registrationSchema },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const row = await undoRegistration(context, id, mayStop(request.query), nameCaller(request));
      return reply.code(row.state === 'undone' ? 200 : 202).send(presentRegistration(context, row));
    },
  );
}

/** What an administrator may be asked to sign in for, besides one rotation. */
const administratorTasks = [
  [
    'automatic-rotation',
    'automatic_rotation',
    'Let the application change its own secrets, with an administrator’s sign-in',
  ],
  ['repair', 'repair', 'Put back redirect URI, permission and consent, with an administrator’s sign-in'],
  [
    'rename',
    'rename',
    'Give the application in Entra ID the registration’s name, with an administrator’s sign-in',
  ],
  [
    'clean-up',
    'clean_up',
    'Remove from Entra ID what the registration no longer uses, with an administrator’s sign-in',
  ],
] as const;

function mayStop({ force, applicationUsers }: z.output<typeof endRegistrationSchema>): WhatMayStop {
  return { connections: force, leavesApplicationUsers: applicationUsers === 'leave' };
}

import { z } from 'zod';
import { signInLinkSchema } from './connections.ts';
import { failureSchema, timeSchema } from './failures.ts';

const longestRole = 200;
const mostRoles = 100;

/** Security roles of the environment's own list, each by its id or its name. */
const rolesSchema = z.array(z.string().trim().min(1).max(longestRole)).max(mostRoles);

export const beginApplicationUserSchema = z.strictObject({
  /** Left out: they are chosen once the environment's list is read. */
  roles: rolesSchema.optional(),
});
export type BeginApplicationUser = z.input<typeof beginApplicationUserSchema>;

export const chooseRolesSchema = z.strictObject({ roles: rolesSchema });

/** The steps in their order. */
export const applicationUserStepNames = [
  'sign_in',
  'environment',
  'choice',
  'application_user',
  'security_roles',
  'proof',
] as const;
export type ApplicationUserStepName = (typeof applicationUserStepNames)[number];

const stepSchema = z.object({
  name: z.enum(applicationUserStepNames),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'undone']),
  /** The fact that proves it, or what it waits for. */
  detail: z.string().nullable(),
  attempts: z.number(),
  failure: failureSchema.nullable(),
});
export type ApplicationUserStep = z.output<typeof stepSchema>;

export const environmentRoleSchema = z.object({ id: z.string(), name: z.string() });
export type EnvironmentRole = z.output<typeof environmentRoleSchema>;

export const applicationUserSchema = z
  .object({
    connectionId: z.string(),
    state: z.enum(['awaiting_sign_in', 'running', 'choosing_roles', 'ready', 'failed', 'undoing', 'undone']),
    /** Application (client) id. */
    applicationId: z.string(),
    /** Id of the row in `systemusers`. */
    userId: z.string().nullable(),
    /** Whether the hub has made the user, which goes again with the undoing; null before anybody looked. */
    madeByHub: z.boolean().nullable(),
    /** The roles that the hub has given it. */
    roles: z.array(environmentRoleSchema),
    /** What there is to choose from; null before an administrator has signed in. */
    availableRoles: z.array(environmentRoleSchema).nullable(),
    steps: z.array(stepSchema),
    /** How an administrator of the environment signs in, while one is waited for. */
    signIn: signInLinkSchema.nullable(),
    failure: failureSchema.nullable(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'ApplicationUser' });
/** A connection's application user in its environment: how it is made, with which roles. */
export type ApplicationUser = z.output<typeof applicationUserSchema>;

import { createPageBrowser } from '@latchkey/cli/page-browser';
import { signInOnPages } from '@latchkey/cli/sign-in-on-pages';
import type { Connection, HubClient } from '@latchkey/client';
import { type LocalCloud, seededPassword, seededUsers } from '@latchkey/cloud';
import { type RegisterAppOptions, type RegisteredApp, registerApp } from './register-app.ts';

export interface ConnectedPerson {
  connection: Connection;
  app: RegisteredApp;
}

/** Makes a connection by the hub's API and signs a person in on Microsoft's pages; the salesperson unless told otherwise. */
export async function connectPerson(
  { client, cloud }: { client: HubClient; cloud: LocalCloud },
  userName: string = seededUsers.salesperson,
  appOptions: RegisterAppOptions = {},
): Promise<ConnectedPerson> {
  const { redirectUri } = await client.settings.get();
  const app = await registerApp(cloud, { redirectUris: [redirectUri], ...appOptions });
  const { id } = await client.connections.create({
    method: 'sign_in',
    environmentUrl: cloud.crm.http,
    tenantId: app.tenantId,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
  });
  const link = await client.connections.signIn(id);
  await signInOnPages(createPageBrowser(), { link: link.url, userName, password: seededPassword });
  return { connection: await client.connections.get(id), app };
}

/** Makes a connection by a registration of the hub, and signs the salesperson in. @returns its id */
export async function connectByRegistration(
  { client, cloud }: { client: HubClient; cloud: LocalCloud },
  registrationId: string,
): Promise<string> {
  const environmentUrl = cloud.crm.http;
  const { id } = await client.connections.create({ method: 'sign_in', environmentUrl, registrationId });
  const { url: link } = await client.connections.signIn(id);
  const salesperson = { userName: seededUsers.salesperson, password: seededPassword };
  await signInOnPages(createPageBrowser(), { link, ...salesperson });
  return id;
}

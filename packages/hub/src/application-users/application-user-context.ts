import { HubError } from '../errors/hub-error.ts';
import type { ApplicationUsers } from '../providers/application-users.ts';
import type { TokenContext } from '../tokens/token-context.ts';

/** What is handed to everything that makes or removes application users. */
export interface ApplicationUserContext extends TokenContext {
  /** Tests the connection, which is the proof of its application user. @throws HubError when it fails */
  proveConnection(connectionId: string): Promise<void>;
}

/** @throws HubError `application_user_not_applicable` where the product knows no such users */
export function applicationUsersOf({ provider }: Pick<TokenContext, 'provider'>): ApplicationUsers {
  if (!provider.applicationUsers) throw new HubError('application_user_not_applicable');
  return provider.applicationUsers;
}

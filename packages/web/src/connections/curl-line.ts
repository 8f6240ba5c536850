import { accountsPath, accountsQuery } from './read-accounts.ts';

/** A shell line that lists accounts through the hub. The key comes from the environment, not the history. */
export function curlLine(publicUrl: string, connectionId: string): string {
  const query = Object.entries(accountsQuery)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  // Single quotes: the shell must leave $select alone.
  return `curl -H "Authorization: Bearer $LATCHKEY_API_KEY" '${publicUrl}/api/v1/connections/${connectionId}/proxy${accountsPath}?${query}'`;
}

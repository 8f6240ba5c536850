/**
 * A program on `adal-node` that knows Microsoft's names and nothing of this product. The authority is an older name, so
 * the library validates it by instance discovery. Prints what it met as one JSON line.
 */
import { AuthenticationContext, type TokenResponse } from 'adal-node';

const [tenantId = '', clientId = ''] = process.argv.slice(2);
const resource = 'https://contoso.crm4.dynamics.com';

const context = new AuthenticationContext(`https://sts.windows.net/${tenantId}`);
const token = await new Promise<TokenResponse>((resolve, reject) => {
  const secret = process.env.CLIENT_SECRET ?? '';
  context.acquireTokenWithClientCredentials(resource, clientId, secret, (error, response) => {
    // The library hands over null, whatever its types say.
    if (error ?? false) reject(error);
    else resolve(response as TokenResponse);
  });
});
const headers = { authorization: `Bearer ${token.accessToken}` };
const { status } = await fetch(`${resource}/api/data/v9.2/WhoAmI`, { headers });
process.stdout.write(`${JSON.stringify({ resource: token.resource, status })}\n`);

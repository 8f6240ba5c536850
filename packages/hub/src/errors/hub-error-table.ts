import type { WhoActs } from '@latchkey/api';

interface HubErrorEntry {
  status: number;
  title: string;
  whoActs: WhoActs;
  remedy: string;
}

/** Every failure that the hub can answer with: one table, one mapping at the HTTP edge. */
export const hubErrors = {
  // The caller's request
  not_signed_in: {
    status: 401,
    title: 'You are not signed in',
    whoActs: 'user',
    remedy:
      'Send an API key as "Authorization: Bearer lk_…", or enter the UI by the link that the start prints.',
  },
  api_key_unknown: {
    status: 401,
    title: 'This API key is not known',
    whoActs: 'developer',
    remedy: 'Check that the whole key was copied, or make a new one under API keys.',
  },
  api_key_revoked: {
    status: 401,
    title: 'This API key was revoked',
    whoActs: 'developer',
    remedy: 'Make a new key under API keys and use it instead.',
  },
  api_key_expired: {
    status: 401,
    title: 'This API key has ended',
    whoActs: 'developer',
    remedy:
      'Make a new key under API keys and use it instead. A key that is replaced in time goes on beside the new one.',
  },
  scope_missing: {
    status: 403,
    title: 'This API key may not do that',
    whoActs: 'developer',
    remedy: 'Make a key that has the scope, under API keys, and use it for this call.',
  },
  api_key_limited: {
    status: 403,
    title: 'This API key is for certain connections only',
    whoActs: 'developer',
    remedy: 'Use it with one of its connections, or make a key that is for all.',
  },
  api_key_not_active: {
    status: 409,
    title: 'This API key was revoked, replaced, or has ended',
    whoActs: 'developer',
    remedy: 'Take the key that came in its place, or make a new one.',
  },
  entry_code_invalid: {
    status: 401,
    title: 'This link was used already or has ended',
    whoActs: 'operator',
    remedy: 'Start the hub again: every start prints a fresh link.',
  },
  cross_site_request: {
    status: 403,
    title: 'The request came from another site',
    whoActs: 'developer',
    remedy: 'Open the UI at the hub’s public address, or use an API key.',
  },
  malformed_json: {
    status: 400,
    title: 'The body is not JSON',
    whoActs: 'developer',
    remedy: 'Send a JSON object with "Content-Type: application/json".',
  },
  request_malformed: {
    status: 400,
    title: 'The request can’t be understood',
    whoActs: 'developer',
    remedy: 'Check the address and the headers of the request.',
  },
  invalid_body: {
    status: 422,
    title: 'The request has fields that are missing or wrong',
    whoActs: 'developer',
    remedy: 'Correct the fields named under "errors".',
  },
  body_too_large: {
    status: 413,
    title: 'The body is too large',
    whoActs: 'developer',
    remedy: 'Send less than the limit that the detail names.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    whoActs: 'developer',
    remedy: 'Send "Content-Type: application/json".',
  },
  route_not_found: {
    status: 404,
    title: 'There is nothing at this address',
    whoActs: 'developer',
    remedy: 'See /openapi.json for what there is.',
  },
  connection_not_found: {
    status: 404,
    title: 'There is no such connection',
    whoActs: 'developer',
    remedy: 'It may have been deleted: look for it in the list of connections (GET /api/v1/connections).',
  },
  registration_not_found: {
    status: 404,
    title: 'There is no such registration',
    whoActs: 'developer',
    remedy: 'It may have been deleted: look for it in the list of registrations (GET /api/v1/registrations).',
  },
  api_key_not_found: {
    status: 404,
    title: 'There is no such API key',
    whoActs: 'developer',
    remedy: 'List the keys with GET /api/v1/api-keys.',
  },
  // Addresses that people type
  environment_address_invalid: {
    status: 422,
    title: 'This is not the address of a Dynamics 365 environment',
    whoActs: 'user',
    remedy:
      'Open Dynamics 365 in a browser and paste its address, such as https://contoso.crm4.dynamics.com.',
  },
  address_not_allowed: {
    status: 422,
    title: 'This address must not be called',
    whoActs: 'user',
    remedy: 'Use a public https address; an operator can allow a private one with LATCHKEY_ALLOWED_ORIGINS.',
  },
  // Sign-in
  sign_in_link_invalid: {
    status: 410,
    title: 'This sign-in link was used already or has ended',
    whoActs: 'user',
    remedy: 'Go back to the connection and choose "Sign in with Microsoft" again.',
  },
  state_missing: {
    status: 400,
    title: 'The answer from Microsoft carries no state',
    whoActs: 'user',
    remedy: 'Start the sign-in again from the connection; do not call this address by hand.',
  },
  state_unknown: {
    status: 400,
    title: 'This sign-in was not started here',
    whoActs: 'user',
    remedy: 'Start the sign-in again from the connection.',
  },
  state_used: {
    status: 409,
    title: 'This sign-in is already done',
    whoActs: 'nobody',
    remedy: 'Go back to the connection; nothing needs to be repeated.',
  },
  state_expired: {
    status: 400,
    title: 'This sign-in took longer than ten minutes',
    whoActs: 'user',
    remedy: 'Start the sign-in again from the connection.',
  },
  state_other_browser: {
    status: 400,
    title: 'This sign-in was started in another browser',
    whoActs: 'user',
    remedy: 'Finish the sign-in in the browser where it was started, or start it again here.',
  },
  callback_repeats_parameter: {
    status: 400,
    title: 'The answer from Microsoft says something twice',
    whoActs: 'user',
    remedy:
      'Start the sign-in again from the connection; do not change the address that Microsoft leads back to.',
  },
  callback_other_issuer: {
    status: 403,
    title: 'The answer came from another sign-in service, or another tenant, than was asked',
    whoActs: 'user',
    remedy: 'Sign in again, from the link on this page only. If it happens again, tell whoever runs the hub.',
  },
  sign_in_declined: {
    status: 403,
    title: 'The sign-in was cancelled or not permitted',
    whoActs: 'user',
    remedy: 'Sign in again and accept the permissions.',
  },
  sign_in_not_applicable: {
    status: 409,
    title: 'This connection signs in by itself',
    whoActs: 'nobody',
    remedy: 'Test the connection instead: with client credentials nobody has to sign in.',
  },
  consent_required: {
    status: 403,
    title: 'Consent is missing',
    whoActs: 'administrator',
    remedy: 'An administrator grants consent for the application, then sign in again.',
  },
  // Tokens
  connection_needs_sign_in: {
    status: 409,
    title: 'The connection needs a new sign-in',
    whoActs: 'user',
    remedy: 'Open the connection and choose "Sign in with Microsoft".',
  },
  connection_disabled: {
    status: 409,
    title: 'The connection is disabled',
    whoActs: 'operator',
    remedy: 'Enable the connection under its settings.',
  },
  client_secret_wrong: {
    status: 409,
    title: 'Microsoft does not accept the client secret',
    whoActs: 'administrator',
    remedy: 'Replace the client secret of the connection by a valid one: its value, not its id.',
  },
  client_secret_expired: {
    status: 409,
    title: 'The client secret has ended',
    whoActs: 'administrator',
    remedy: 'Make a new client secret in the app registration and put it into the connection.',
  },
  client_certificate_refused: {
    status: 409,
    title: 'Microsoft does not accept the client certificate',
    whoActs: 'administrator',
    remedy:
      'Upload the certificate to the app registration (its public part), or put one into the connection that is registered there and has not ended.',
  },
  federated_credential_refused: {
    status: 409,
    title: 'Microsoft does not accept the token of the hub’s own identity',
    whoActs: 'administrator',
    remedy:
      'Compare issuer, subject and audience of the federated credential in the app registration with those in the message.',
  },
  workload_token_unavailable: {
    status: 503,
    title: 'The platform gives the hub no token of its identity right now',
    whoActs: 'operator',
    remedy:
      'Check what the detail names: the token file, or the platform’s token service. The hub goes on by itself when it is back.',
  },
  workload_identity_missing: {
    status: 409,
    title: 'This hub has no identity on its platform',
    whoActs: 'operator',
    remedy:
      'Set LATCHKEY_WORKLOAD_IDENTITY to file, github or azure where the platform gives the hub a token, and start it again.',
  },
  token_request_refused: {
    status: 409,
    title: 'Microsoft refused the token request',
    whoActs: 'administrator',
    remedy: 'Do what the message from Microsoft asks for, then test the connection.',
  },
  token_endpoint_unavailable: {
    status: 503,
    title: 'Microsoft’s sign-in service can’t be reached right now',
    whoActs: 'nobody',
    remedy: 'Nothing is lost: the hub tries again by itself.',
  },
  token_endpoint_nonsense: {
    status: 502,
    title: 'The token endpoint answered something that is no token answer',
    whoActs: 'operator',
    remedy: 'Check the token URL, and whether a proxy in between answers for it.',
  },
  token_life_too_short: {
    status: 409,
    title: 'There is no access token that lives so long',
    whoActs: 'developer',
    remedy:
      'Ask for a smaller minimumLifeSeconds. Microsoft’s tokens live from 60 to 90 minutes where nobody set another life, and the hub asks for another one at most once a minute.',
  },
  token_not_for_environment: {
    status: 409,
    title: 'The token is for something else than this environment',
    whoActs: 'user',
    remedy: 'Sign in again; for tokens typed by hand, ask for the resource named in the detail.',
  },
  // The CRM and the proxy
  crm_refused: {
    status: 403,
    title: 'Dynamics 365 refuses this account',
    whoActs: 'administrator',
    remedy: 'Do what the message from Dynamics 365 asks for, then test the connection.',
  },
  crm_unavailable: {
    status: 502,
    title: 'Dynamics 365 can’t be reached right now',
    whoActs: 'nobody',
    remedy: 'Try again in a moment; the connection is kept.',
  },
  crm_timeout: {
    status: 504,
    title: 'Dynamics 365 did not answer in time',
    whoActs: 'nobody',
    remedy: 'Try again, or raise the timeout of the connection.',
  },
  crm_nonsense: {
    status: 502,
    title: 'The address answers, but not as Dynamics 365 does',
    whoActs: 'user',
    remedy: 'Check the environment address.',
  },
  too_many_concurrent_calls: {
    status: 503,
    title: 'Too many calls of this user of the environment run at the same time',
    whoActs: 'developer',
    remedy:
      'Wait as long as Retry-After says, and make fewer calls at once: Dynamics 365 allows a user 52, over all connections.',
  },
  body_too_slow: {
    status: 408,
    title: 'The body of the request did not arrive in time',
    whoActs: 'developer',
    remedy: 'Send the whole body, or raise the timeout of the connection.',
  },
  // The way out
  outbound_proxy_authentication_required: {
    status: 502,
    title: 'The proxy on the hub’s way out wants to know who calls',
    whoActs: 'operator',
    remedy:
      'Put user and password into HTTPS_PROXY, as http://user:password@proxy.example:8080 with special characters percent-encoded, and start the hub again. It speaks Basic alone: where the proxy takes only NTLM, Negotiate or Kerberos, put a relay in between that speaks them.',
  },
  outbound_proxy_refused: {
    status: 502,
    title: 'The proxy on the hub’s way out does not let it through',
    whoActs: 'operator',
    remedy:
      'Have the proxy allow CONNECT to the host in the detail, or name that host in NO_PROXY if it can be reached without the proxy.',
  },
  outbound_proxy_unavailable: {
    status: 503,
    title: 'The proxy on the hub’s way out can’t be reached right now',
    whoActs: 'operator',
    remedy:
      'Check that the proxy runs, and that HTTPS_PROXY names it; the hub goes on by itself when it is back.',
  },
  outbound_proxy_nonsense: {
    status: 502,
    title: 'What the hub takes for its proxy does not answer as one',
    whoActs: 'operator',
    remedy:
      'Check address and port in HTTPS_PROXY, and whether the proxy is spoken to by http:// or https://; then start the hub again.',
  },
  certificate_untrusted: {
    status: 502,
    title: 'The certificate of who answered is not trusted',
    whoActs: 'operator',
    remedy:
      'If a proxy of yours opens TLS, name the PEM file of its authority in NODE_EXTRA_CA_CERTS, or set NODE_USE_SYSTEM_CA=1 to trust the system’s store, and start the hub again. If you know of none, somebody stands in between.',
  },
  // Registrations
  graph_refused: {
    status: 403,
    title: 'Microsoft Graph refused the request',
    whoActs: 'administrator',
    remedy: 'Sign in as an administrator who may register applications and grant consent.',
  },
  graph_unavailable: {
    status: 503,
    title: 'Microsoft Graph can’t be reached right now',
    whoActs: 'nobody',
    remedy: 'Try the registration again; it goes on where it stopped.',
  },
  dynamics_not_in_tenant: {
    status: 409,
    title: 'This tenant has no Dynamics 365',
    whoActs: 'administrator',
    remedy: 'Get a Dynamics 365 or Power Apps licence for the tenant, or sign in to the tenant that has one.',
  },
  registration_not_ready: {
    status: 409,
    title: 'The registration is not ready',
    whoActs: 'user',
    remedy: 'Finish the registration first, or give an application’s client id and secret.',
  },
  registration_busy: {
    status: 409,
    title: 'The registration is at work',
    whoActs: 'nobody',
    remedy: 'Wait until its steps are done.',
  },
  registration_state_conflict: {
    status: 409,
    title: 'The registration is not in a state for this',
    whoActs: 'user',
    remedy: 'See the registration’s state: a ready one needs nothing, an undone one is made anew.',
  },
  administrator_sign_in_ended: {
    status: 409,
    title: 'The administrator’s sign-in has ended',
    whoActs: 'administrator',
    remedy: 'Sign in again; the registration goes on where it stopped.',
  },
  device_code_expired: {
    status: 409,
    title: 'The code was not entered in time',
    whoActs: 'administrator',
    remedy: 'Start the administrator’s sign-in again and enter the new code.',
  },
  rotation_not_permitted: {
    status: 403,
    title: 'The application may not change its own client secret',
    whoActs: 'administrator',
    remedy:
      'Have an administrator set up automatic rotation on the registration’s page, or sign in once for this rotation.',
  },
  rotation_under_way: {
    status: 409,
    title: 'The client secret is being rotated',
    whoActs: 'nobody',
    remedy:
      'Wait until the old secret is removed; the registration’s page says when. A grace time of 0 hours (rotation.graceHours) removes it at once.',
  },
  registration_has_no_certificate: {
    status: 404,
    title: 'The registration has no certificate',
    whoActs: 'user',
    remedy: 'Look what it proves itself by; the hub makes a certificate where “certificate” was chosen.',
  },
  application_user_not_found: {
    status: 404,
    title: 'Nobody has begun to let the application into the environment',
    whoActs: 'user',
    remedy: 'Choose “Connect as the app itself” on the connection’s page.',
  },
  application_user_not_applicable: {
    status: 409,
    title: 'This connection signs in as a person',
    whoActs: 'nobody',
    remedy: 'Only a connection by client credentials needs an application user in the environment.',
  },
  application_user_busy: {
    status: 409,
    title: 'The application user is being worked on',
    whoActs: 'nobody',
    remedy: 'Wait until its steps are done.',
  },
  application_user_state_conflict: {
    status: 409,
    title: 'The application user is not in a state for this',
    whoActs: 'user',
    remedy:
      'See its state: roles are chosen once an administrator has signed in; begin anew for other roles.',
  },
  application_user_in_place: {
    status: 409,
    title: 'The hub has let this connection’s application into the environment',
    whoActs: 'user',
    remedy:
      'Undo that first, so that no user is left behind in the environment; or delete the connection with applicationUser=leave.',
  },
  registration_users_in_place: {
    status: 409,
    title: 'The hub has let this registration’s application into environments',
    whoActs: 'user',
    remedy:
      'Have an administrator of each environment take that back first (Undo under “Connect as the app itself” on the connection’s page, or POST /connections/{id}/application-user/undo), or go on with applicationUsers=leave: the users stay there.',
  },
  registration_in_use: {
    status: 409,
    title: 'Connections use this registration',
    whoActs: 'user',
    remedy: 'Delete those connections first, or say that they may stop (force=true).',
  },
  // The hub itself
  vault_key_unknown: {
    status: 500,
    title: 'A stored secret was sealed with a key that is not here',
    whoActs: 'operator',
    remedy: 'Put the key named in the detail back into LATCHKEY_KEYS or the key file.',
  },
  vault_unreadable: {
    status: 500,
    title: 'A stored secret can’t be opened',
    whoActs: 'operator',
    remedy: 'Restore the database and the keys from the same backup, or sign in to the connection again.',
  },
  stored_data_damaged: {
    status: 500,
    title: 'What the hub has stored of this is damaged',
    whoActs: 'operator',
    remedy: 'Sign in to the connection again, delete what is damaged, or restore the database from a backup.',
  },
  store_unavailable: {
    status: 503,
    title: 'The database can’t be reached right now',
    whoActs: 'operator',
    remedy: 'Check the database; the hub goes on by itself when it is back.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong inside the hub',
    whoActs: 'operator',
    remedy: 'Look up the request id in the hub’s log and report it.',
  },
} as const satisfies Record<string, HubErrorEntry>;

/**
 * A single page app on `oidc-client-ts`, as its documentation shows it. A test calls the library by `spa.call`, in place
 * of buttons.
 */
const { clientId, authority } = JSON.parse(document.getElementById('settings').textContent);
/** A machine with other things to do is slow to show a frame; nothing here waits for that long to go wrong. */
const frameSeconds = 60;

const manager = new oidc.UserManager({
  authority,
  client_id: clientId,
  redirect_uri: `${location.origin}/redirect`,
  post_logout_redirect_uri: `${location.origin}/`,
  scope: 'openid profile email offline_access User.Read',
  loadUserInfo: true,
  automaticSilentRenew: false,
  silentRequestTimeoutInSeconds: frameSeconds,
  userStore: new oidc.WebStorageStateStore({ store: localStorage }),
});

/** What a call of the library came to, as far as it can be handed to a test. */
function settle(work) {
  return work.then(
    (value) => ({ value: value === undefined ? undefined : JSON.parse(JSON.stringify(value)) }),
    ({ name, error, message }) => ({ error: { type: name, code: error, message } }),
  );
}

/** What the page was opened with: an answer to a redirect, or in a window or frame of the library's. */
function receive() {
  if (location.pathname === '/redirect') return manager.signinCallback();
  return location.search ? manager.signoutCallback() : Promise.resolve();
}

const arrival = settle(receive());

globalThis.spa = {
  arrival,
  call: (method, request) => arrival.then(() => settle(manager[method](request))),
};

/**
 * A single page app on `@azure/msal-browser`, as its documentation shows it. A test calls the library by `spa.call`,
 * in place of buttons.
 */
const { clientId, authority, knownAuthorities } = JSON.parse(document.getElementById('settings').textContent);
const redirectUri = `${location.origin}/redirect`;
/** A machine with other things to do is slow to show a frame; nothing here waits for that long to go wrong. */
const frameMilliseconds = 60_000;

const client = new msal.PublicClientApplication({
  auth: { clientId, authority, knownAuthorities, redirectUri, postLogoutRedirectUri: redirectUri },
  system: { iframeBridgeTimeout: frameMilliseconds },
});

/** What a call of the library came to, as far as it can be handed to a test. */
function settle(work) {
  return work.then(
    (value) => ({ value }),
    ({ name, errorCode, subError, claims, message }) => ({
      error: { type: name, code: errorCode, subError, claims, message },
    }),
  );
}

/** What the page was opened with: the answer to `loginRedirect`, if it is one. */
const arrival = settle(client.initialize().then(() => client.handleRedirectPromise()));

globalThis.spa = {
  arrival,
  call: (method, request) =>
    arrival.then(() => settle(Promise.resolve(request).then((given) => client[method](given)))),
};

import type { TapExchange } from './open-tap.ts';

/** A text that must not get about, and what it is. */
export interface Secret {
  kind: string;
  text: string;
}

const inForms = [
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'passwd',
  'refresh_token',
];
const inAnswers = ['access_token', 'device_code', 'id_token', 'refresh_token', 'secretText'];

/** Every secret that went between the hub, a browser and Microsoft, each once. */
export function gatherSecrets(exchanges: TapExchange[]): Secret[] {
  const found = new Map<string, string>();
  const note = (kind: string, text: string | null) => {
    if (text) found.set(text, kind);
  };
  for (const { request, answer } of exchanges) {
    const form = new URLSearchParams(request.body);
    for (const name of inForms) note(name, form.get(name));
    note('bearer token', /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? null);
    const location = answer.headers.get('location');
    if (location && URL.canParse(location)) note('code', new URL(location).searchParams.get('code'));
    for (const name of inAnswers) {
      for (const [, text] of answer.body.matchAll(new RegExp(`"${name}":\\s*"([^"]+)"`, 'g'))) {
        note(name, text ?? null);
      }
    }
  }
  return [...found].map(([text, kind]) => ({ kind, text }));
}

import type { FastifyInstance } from 'fastify';

/** What a browser shows: a page with a form, or the place it was sent to. */
export interface Shown {
  status: number;
  html: string;
  headers: Record<string, string | string[] | number | undefined>;
  /** Where a redirect points; undefined when a page is shown. */
  location: URL | undefined;
  /** Sends the page's form with these fields, and the button with this id. */
  submit(fields?: Record<string, string>, buttonId?: string): Promise<Shown>;
}

/** A person's browser as far as sign-in pages need one: cookies, forms, no scripts. */
export interface ScriptedBrowser {
  cookies: Map<string, string>;
  open(url: string): Promise<Shown>;
  post(url: string, fields: Record<string, string>): Promise<Shown>;
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * Opens a browser of its own on a server that is driven by inject; redirects are shown, not followed.
 *
 * @param own headers that it sends with every request
 */
export function openScriptedBrowser(
  app: FastifyInstance,
  own: Readonly<Record<string, string>> = {},
): ScriptedBrowser {
  const cookies = new Map<string, string>();

  async function send(method: 'GET' | 'POST', url: string, fields?: Record<string, string>): Promise<Shown> {
    const answer = await app.inject({
      method,
      url,
      headers: {
        ...own,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(fields && { payload: new URLSearchParams(fields).toString() }),
    });
    for (const { name, value } of answer.cookies) {
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      html: answer.body,
      headers: answer.headers,
      location: location === undefined ? undefined : new URL(location, 'http://localhost'),
      submit: (given = {}, buttonId = 'idSIButton9') => {
        const form = readForm(answer.body, buttonId);
        return send('POST', form.action, { ...form.fields, ...given });
      },
    };
  }

  return {
    cookies,
    open: (url) => send('GET', url),
    post: (url, fields) => send('POST', url, fields),
  };
}

/** Whether a page has the element, by its id. */
export function hasElement({ html }: Shown, id: string): boolean {
  return html.includes(`id="${id}"`);
}

function readForm(html: string, buttonId: string): { action: string; fields: Record<string, string> } {
  const [form, action] = /<form method="post" action="([^"]*)"[^>]*>[\s\S]*?<\/form>/.exec(html) ?? [];
  if (form === undefined || action === undefined) throw new Error(`The page has no form:\n${html}`);
  const fields: Record<string, string> = {};
  for (const [element] of form.matchAll(/<(?:input|button)\b[^>]*>/g)) {
    const name = attribute(element, 'name');
    const type = attribute(element, 'type');
    const isButton = element.startsWith('<button') || type === 'submit';
    const isPressed = attribute(element, 'id') === buttonId || attribute(element, 'value') === buttonId;
    const step = attribute(element, 'data-step');
    if (isPressed && step !== undefined) fields.step = step;
    if (name === undefined || type === 'checkbox' || (isButton && !isPressed)) continue;
    fields[name] = attribute(element, 'value') ?? '';
  }
  return { action: decodeEntities(action), fields };
}

function attribute(element: string, name: string): string | undefined {
  const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(element) ?? [];
  return value === undefined ? undefined : decodeEntities(value);
}

function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

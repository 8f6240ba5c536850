import { type HTMLElement, parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';

/** A page as a person has it before them: where they are and what is on it. */
export interface Page {
  url: URL;
  status: number;
  document: HTMLElement;
}

/** A browser reduced to what Microsoft's sign-in pages need without script: links, redirects, cookies, forms. */
export interface PageBrowser {
  open(url: string): Promise<Page>;
  /** Fills fields by name, and presses the form's button (by id where it has several). */
  submit(page: Page, fields: Record<string, string>, buttonId?: string): Promise<Page>;
  /** @returns the `Cookie` header that it would send there */
  cookiesFor(url: string): Promise<string>;
}

const mostRedirects = 20;
const requestTimeoutMilliseconds = 20_000;

/**
 * @param onAnswer told of every answer, redirects included, and how long it took
 * @throws Error when a page can't be loaded or lacks the form
 */
export function createPageBrowser(onAnswer?: (url: URL, milliseconds: number) => void): PageBrowser {
  const cookies = new CookieJar();

  async function load(url: URL, init: { method: string; body?: URLSearchParams }): Promise<Page> {
    let next = url;
    let request = init;
    for (let hop = 0; hop < mostRedirects; hop += 1) {
      const askedAt = performance.now();
      const response = await fetch(next, {
        ...request,
        redirect: 'manual',
        headers: {
          accept: 'text/html',
          origin: next.origin,
          cookie: await cookies.getCookieString(next.href),
        },
        signal: AbortSignal.timeout(requestTimeoutMilliseconds),
      });
      onAnswer?.(next, performance.now() - askedAt);
      for (const cookie of response.headers.getSetCookie()) await cookies.setCookie(cookie, next.href);
      const location = response.headers.get('location');
      if (!location) {
        return { url: next, status: response.status, document: parse(await response.text()) };
      }
      await response.body?.cancel();
      next = new URL(location, next);
      request = { method: 'GET' };
    }
    throw new Error(`${url.origin} redirected more than ${mostRedirects} times.`);
  }

  return {
    open: (url) => load(new URL(url), { method: 'GET' }),
    cookiesFor: (url) => cookies.getCookieString(url),
    submit(page, fields, buttonId) {
      const form = page.document.querySelector('form');
      if (!form) throw new Error(`The page at ${page.url.origin}${page.url.pathname} has no form.`);
      const body = new URLSearchParams();
      for (const input of form.querySelectorAll('input[type=hidden]')) {
        body.append(input.getAttribute('name') ?? '', decodedValue(input));
      }
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      const button = buttonId ? form.querySelector(`#${buttonId}`) : null;
      const buttonName = button?.getAttribute('name');
      if (button && buttonName) body.set(buttonName, decodedValue(button));
      const target = new URL(
        button?.getAttribute('formaction') ?? form.getAttribute('action') ?? '',
        page.url,
      );
      return load(target, { method: 'POST', body });
    },
  };
}

/** `getAttribute` undoes HTML escaping. */
function decodedValue(input: HTMLElement): string {
  return input.getAttribute('value') ?? '';
}

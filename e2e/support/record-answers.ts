import { onTestFinished, vi } from 'vitest';

/** An answer as it went over the wire: status, headers and body in one text. */
export interface RecordedAnswer {
  method: string;
  path: string;
  text: string;
}

/** Records every answer of one origin to whatever this process asks with `fetch`, until the test is over. */
export function recordAnswers(origin: string): RecordedAnswer[] {
  const answers: RecordedAnswer[] = [];
  const send = globalThis.fetch;
  const spy = vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await send(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin === origin) {
      const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
      const text = [response.status, ...headers, await response.clone().text()].join('\n');
      answers.push({ method: init?.method ?? 'GET', path: url.pathname, text });
    }
    return response;
  });
  onTestFinished(() => spy.mockRestore());
  return answers;
}

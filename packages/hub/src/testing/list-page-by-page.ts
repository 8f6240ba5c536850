import type { TestHub } from './create-test-hub.ts';

/**
 * Reads a list one row a page, as a client does that follows `nextCursor`.
 *
 * @param url of the list, without a query
 * @returns the names of the rows in their order
 */
export async function listPageByPage(hub: TestHub, url: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: Record<string, string> = { limit: '1', ...(cursor && { cursor }) };
    const answer = await hub.inject({ method: 'GET', url, query });
    const page = answer.json<{ items: { name: string }[]; nextCursor: string | null }>();
    if (page.items.length !== 1) throw new Error(`No page of one row: ${answer.body}`);
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  return names;
}

import { expandScopes, type Scope, scopes } from '@latchkey/api';
import { z } from 'zod';
import { readColumn } from '../ground/read-json.ts';
import type { ApiKeyRow } from './api-key-row.ts';

const listSchema = z.array(z.string());
const known: ReadonlySet<string> = new Set(scopes);

/** What a key may do, and with which connections. */
interface ApiKeyLimits {
  scopes: Scope[];
  connectionIds: string[] | null;
}

/**
 * Reads what a stored key may do. Scopes that only a later version knows are left out.
 *
 * @throws DamagedValueError for what is no list
 */
export function readApiKeyLimits(row: Pick<ApiKeyRow, 'scopes' | 'connection_ids'>): ApiKeyLimits {
  return {
    scopes: row.scopes === null ? [...scopes] : expandScopes(readList(row.scopes, 'scopes').filter(isScope)),
    connectionIds: row.connection_ids === null ? null : readList(row.connection_ids, 'connection_ids'),
  };
}

function readList(text: string, column: string): string[] {
  return readColumn(listSchema, text, `api_keys.${column}`);
}

function isScope(text: string): text is Scope {
  return known.has(text);
}

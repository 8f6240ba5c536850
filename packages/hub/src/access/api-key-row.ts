import type { Selectable } from 'kysely';
import type { Database } from '../store/schema.ts';

/** An API key as it is stored: its digest, never the key. */
export type ApiKeyRow = Selectable<Database['api_keys']>;

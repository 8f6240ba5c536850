import { z } from 'zod';
import { readText } from '../ground/outside-values.ts';

/** A text of Microsoft Graph's that is kept: an answer whose text is empty, too long, or no database's is none. */
export const graphText = z.string().refine((text) => readText(text) !== null);

/** One that may be missing, as which an unusable one counts. */
export const graphTextIfAny = z.unknown().optional().transform(readText);

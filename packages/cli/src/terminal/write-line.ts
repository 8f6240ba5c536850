import { styleText } from 'node:util';

export function writeLine(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Colours only where a terminal reads along (`styleText` minds NO_COLOR and pipes). */
export function dim(text: string): string {
  return styleText('dim', text, { stream: process.stdout });
}

export function green(text: string): string {
  return styleText('green', text, { stream: process.stdout });
}

export function bold(text: string): string {
  return styleText('bold', text, { stream: process.stdout });
}

/** `12 ms`, right-aligned so that a column of times can be compared. */
export function milliseconds(value: number): string {
  const width = 9;
  return `${Math.round(value).toLocaleString('en')} ms`.padStart(width);
}

/** A stored value that can't be shown: a number that is no time, a text that is not the JSON it should be. */
export class DamagedValueError extends Error {
  override readonly name = 'DamagedValueError';
}

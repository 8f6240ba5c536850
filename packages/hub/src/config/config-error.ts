/** A setting that makes no sense. `message` names the variable and says what is wrong, `remedy` what to write. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'config_invalid';
  readonly variable: string;
  readonly remedy: string;

  constructor(variable: string, { problem, remedy }: { problem: string; remedy: string }) {
    super(`${variable} ${problem}.`);
    this.variable = variable;
    this.remedy = remedy;
  }
}

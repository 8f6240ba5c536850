/** What can be wrong, each with a way out. */
export type OperatorErrors<Code extends string> = Readonly<Record<Code, { title: string; remedy: string }>>;

/** What ends a start or a command: `message` says what is wrong, `remedy` what to do; neither carries a secret. */
export abstract class OperatorError<Code extends string> extends Error {
  readonly code: Code;
  readonly remedy: string;

  /**
   * @param detail what it is about: a path, a host, a key id; put behind the title
   * @param options.remedy what to do in this very case, where more is known than the code says
   */
  constructor(
    errors: OperatorErrors<Code>,
    code: Code,
    detail: string,
    { remedy, ...options }: ErrorOptions & { remedy?: string } = {},
  ) {
    super(`${errors[code].title}: ${detail}.`, options);
    this.code = code;
    this.remedy = remedy ?? errors[code].remedy;
  }
}

/** Stable codes of what can be wrong with an environment's address. */
export type EnvironmentAddressErrorCode =
  | 'address_empty'
  | 'address_unreadable'
  | 'address_scheme_unsupported'
  | 'address_has_credentials'
  | 'address_is_ip'
  | 'address_port_unsupported'
  | 'address_wrong_page'
  | 'address_without_organization'
  | 'address_cloud_closed'
  | 'address_not_dynamics';

/**
 * An environment's address that can't be one. `message` says what is wrong and `remedy` what to paste instead. Neither
 * repeats more of the input than its host: pasted addresses may carry codes, tokens or passwords.
 */
export class EnvironmentAddressError extends Error {
  override readonly name = 'EnvironmentAddressError';
  readonly code: EnvironmentAddressErrorCode;
  readonly remedy: string;

  constructor(code: EnvironmentAddressErrorCode, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}

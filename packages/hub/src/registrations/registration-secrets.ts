/**
 * Where each sealed value of a registration belongs; the vault binds the value to it, so that one moved to another row
 * or column does not open.
 */
export function administratorTokenPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_administrator_token`;
}

export function deviceCodePlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_device_code`;
}

export function signInLinkPlace(registrationId: string): string {
  return `registrations/${registrationId}/sealed_sign_in_link`;
}

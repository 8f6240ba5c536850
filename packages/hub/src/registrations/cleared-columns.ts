import type { RegistrationChange } from './change-registration.ts';

/** No link and no code is out: the administrator has signed in, or the time for it is over. */
export const noSignInUnderWay = {
  sealed_sign_in_link: null,
  device_code_display: null,
  sealed_device_code: null,
  device_code_expires_at: null,
} as const satisfies RegistrationChange;

/** The administrator's token is gone from the database. */
export const noAdministratorToken = {
  sealed_administrator_token: null,
  administrator_token_expires_at: null,
} as const satisfies RegistrationChange;

/** The present secret is good, as far as anybody knows: nothing was told of its end, and nothing refuses it. */
export const noSecretAlarm = {
  secret_alarm: null,
  secret_alarm_at: null,
  secret_warned_days: null,
  secret_warned_for: null,
} as const satisfies RegistrationChange;

/** There is no new secret beside the present one. */
export const noNextSecret = {
  sealed_next_secret: null,
  next_secret_key_id: null,
  next_secret_hint: null,
  next_secret_ends_at: null,
  next_credential_kind: null,
} as const satisfies RegistrationChange;

/** There is no earlier secret that still works. */
export const noPreviousSecret = {
  sealed_previous_secret: null,
  previous_secret_key_id: null,
  previous_credential_kind: null,
} as const satisfies RegistrationChange;

/** No rotation is under way. */
export const noRotation = {
  rotation_step: null,
  rotation_name: null,
  rotation_tries: 0,
  rotation_failure: null,
  rotation_next_try_at: null,
  rotation_by: null,
  ...noNextSecret,
} as const satisfies RegistrationChange;

/** No administrator is asked for anything while the registration is ready. */
export const noAdministratorTask = {
  administrator_task: null,
  administrator_task_failure: null,
  administrator_task_by: null,
} as const satisfies RegistrationChange;

/** Every secret of the registration is gone from the database, and with it what was shown of it and was to be done. */
export const noClientSecret = {
  sealed_client_secret: null,
  client_secret_key_id: null,
  client_secret_hint: null,
  client_secret_ends_at: null,
  federated_identity: null,
  ...noSecretAlarm,
  ...noRotation,
  ...noPreviousSecret,
  unused_credentials: null,
  ...noAdministratorTask,
  check_findings: null,
  check_failure: null,
  next_check_at: null,
} as const satisfies RegistrationChange;

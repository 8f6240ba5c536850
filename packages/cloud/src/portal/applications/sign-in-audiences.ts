import type { SignInAudience } from '../../directory/application-document.ts';

/** "Supported account types", in the words of the portal. */
export function signInAudiences(
  tenantName: string,
): readonly { value: SignInAudience; label: string; short: string }[] {
  return [
    {
      value: 'AzureADMyOrg',
      label: `Accounts in this organizational directory only (${tenantName} only - Single tenant)`,
      short: 'My organization only',
    },
    {
      value: 'AzureADMultipleOrgs',
      label: 'Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant)',
      short: 'Multiple organizations',
    },
    {
      value: 'AzureADandPersonalMicrosoftAccount',
      label:
        'Accounts in any organizational directory (Any Microsoft Entra ID tenant - Multitenant) and personal Microsoft accounts (e.g. Skype, Xbox)',
      short: 'All Microsoft account users',
    },
    {
      value: 'PersonalMicrosoftAccount',
      label: 'Personal Microsoft accounts only',
      short: 'Personal Microsoft account users',
    },
  ];
}

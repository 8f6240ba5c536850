import type { SignInAudience } from '@latchkey/client';

/** "Supported account types" in the portal's wording, and what each means for Dynamics 365. */
export const accountTypes: { value: SignInAudience; label: string; help: string }[] = [
  {
    value: 'AzureADMyOrg',
    label: 'Accounts in this organizational directory only (Single tenant)',
    help: 'Users and guests of your own directory. Right for an integration of your own company.',
  },
  {
    value: 'AzureADMultipleOrgs',
    label: 'Accounts in any organizational directory (Any Microsoft Entra ID tenant – Multitenant)',
    help: 'Work and school accounts of any company. Right when customers connect their own Dynamics 365.',
  },
  {
    value: 'AzureADandPersonalMicrosoftAccount',
    label:
      'Accounts in any organizational directory (Any Microsoft Entra ID tenant – Multitenant) and personal Microsoft accounts (e.g. Skype, Xbox)',
    help: 'Adds personal accounts. They can’t sign in to Dynamics 365, so this gives nothing here.',
  },
  {
    value: 'PersonalMicrosoftAccount',
    label: 'Personal Microsoft accounts only',
    help: 'Dynamics 365 takes work and school accounts only: an app of this type can’t connect to it.',
  },
];

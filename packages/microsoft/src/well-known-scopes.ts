/** A delegated permission (`oauth2PermissionScopes` of a service principal) with its consent texts. */
export interface WellKnownScope {
  /** The scope's name in a token request, such as `User.Read`. */
  readonly value: string;
  readonly id: string;
  /** `Admin`: only an administrator may consent to it. */
  readonly type: 'User' | 'Admin';
  readonly adminConsentDisplayName: string;
  readonly adminConsentDescription: string;
  readonly userConsentDisplayName: string;
  readonly userConsentDescription: string;
}

/** An application permission (`appRoles` of a service principal). */
export interface WellKnownAppRole {
  readonly value: string;
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
}

/**
 * The delegated permissions that the product asks for or offers, by resource and name. `Dynamics CRM` has no
 * other: it publishes no application permission at all.
 *
 * Source: Microsoft Graph "Permissions reference"; the service principal of `Dynamics CRM`.
 */
export const wellKnownScopes = {
  microsoftGraph: {
    openid: {
      value: 'openid',
      id: '37f7f235-527c-4136-accd-4a02d197296e',
      type: 'User',
      adminConsentDisplayName: 'Sign users in',
      adminConsentDescription:
        'Allows users to sign in to the app with their work or school accounts and allows the app to see basic user profile information.',
      userConsentDisplayName: 'Sign in as you',
      userConsentDescription:
        'Allows you to sign in to the app with your work or school account and allows the app to read your basic profile information.',
    },
    profile: {
      value: 'profile',
      id: '14dad69e-099b-42c9-810b-d002981feec1',
      type: 'User',
      adminConsentDisplayName: "View users' basic profile",
      adminConsentDescription:
        "Allows the app to see your users' basic profile (e.g., name, picture, user name, email address)",
      userConsentDisplayName: 'View your basic profile',
      userConsentDescription:
        'Allows the app to see your basic profile (e.g., name, picture, user name, email address)',
    },
    email: {
      value: 'email',
      id: '64a6cdd6-aab1-4aaf-94b8-3cc8405e90d0',
      type: 'User',
      adminConsentDisplayName: "View users' email address",
      adminConsentDescription: "Allows the app to read your users' primary email address",
      userConsentDisplayName: 'View your email address',
      userConsentDescription: 'Allows the app to read your primary email address',
    },
    offline_access: {
      value: 'offline_access',
      id: '7427e0e9-2fba-42fe-b0c0-848c9e6a8182',
      type: 'User',
      adminConsentDisplayName: 'Maintain access to data you have given it access to',
      adminConsentDescription:
        'Allows the app to see and update the data you gave it access to, even when users are not currently using the app. This does not give the app any additional permissions.',
      userConsentDisplayName: 'Maintain access to data you have given it access to',
      userConsentDescription:
        'Allows the app to see and update the data you gave it access to, even when you are not currently using the app. This does not give the app any additional permissions.',
    },
    'User.Read': {
      value: 'User.Read',
      id: 'e1fe6dd8-ba31-4d61-89e7-88639da4683d',
      type: 'User',
      adminConsentDisplayName: 'Sign in and read user profile',
      adminConsentDescription:
        'Allows users to sign-in to the app, and allows the app to read the profile of signed-in users. It also allows the app to read basic company information of signed-in users.',
      userConsentDisplayName: 'Sign you in and read your profile',
      userConsentDescription:
        'Allows you to sign in to the app with your organizational account and let the app read your profile. It also allows the app to read basic company information.',
    },
    'Application.ReadWrite.All': {
      value: 'Application.ReadWrite.All',
      id: 'bdfbf15f-ee85-4955-8675-146e8e5296b5',
      type: 'Admin',
      adminConsentDisplayName: 'Read and write all applications',
      adminConsentDescription:
        'Allows the app to create, read, update and delete applications and service principals on behalf of the signed-in user. Does not allow management of consent grants.',
      userConsentDisplayName: 'Read and write applications',
      userConsentDescription:
        'Allows the app to create, read, update and delete applications and service principals on your behalf. Does not allow management of consent grants.',
    },
    'DelegatedPermissionGrant.ReadWrite.All': {
      value: 'DelegatedPermissionGrant.ReadWrite.All',
      id: '41ce6ca6-6826-4807-84f1-1c82854f7ee5',
      type: 'Admin',
      adminConsentDisplayName: 'Manage all delegated permission grants',
      adminConsentDescription:
        'Allows the app to manage permission grants for delegated permissions exposed by any API (including Microsoft Graph), on behalf of the signed in user.',
      userConsentDisplayName: 'Manage all delegated permission grants',
      userConsentDescription:
        'Allows the app to manage permission grants for delegated permissions exposed by any API (including Microsoft Graph), on your behalf.',
    },
    'AppRoleAssignment.ReadWrite.All': {
      value: 'AppRoleAssignment.ReadWrite.All',
      id: '84bccea3-f856-4a8a-967b-dbe0a3d53a64',
      type: 'Admin',
      adminConsentDisplayName: 'Manage app permission grants and app role assignments',
      adminConsentDescription:
        'Allows the app to manage permission grants for application permissions to any API (including Microsoft Graph) and application assignments for any app, on behalf of the signed-in user.',
      userConsentDisplayName: 'Manage app permission grants and app role assignments',
      userConsentDescription:
        'Allows the app to manage permission grants for application permissions to any API (including Microsoft Graph) and application assignments for any app, on your behalf.',
    },
    'Directory.AccessAsUser.All': {
      value: 'Directory.AccessAsUser.All',
      id: '0e263e50-5827-48a4-b97c-d940288653c7',
      type: 'Admin',
      adminConsentDisplayName: 'Access directory as the signed in user',
      adminConsentDescription:
        'Allows the app to have the same access to information in the directory as the signed-in user.',
      userConsentDisplayName: 'Access the directory as you',
      userConsentDescription:
        'Allows the app to have the same access to information in your work or school directory as you do.',
    },
    'Organization.Read.All': {
      value: 'Organization.Read.All',
      id: '4908d5b9-3fb2-4b1e-9336-1888b7937185',
      type: 'Admin',
      adminConsentDisplayName: 'Read organization information',
      adminConsentDescription:
        'Allows the app to read the organization and related resources, on behalf of the signed-in user. Related resources include things like subscribed skus and tenant branding information.',
      userConsentDisplayName: 'Read organization information',
      userConsentDescription:
        'Allows the app to read the organization and related resources, on your behalf. Related resources include things like subscribed skus and tenant branding information.',
    },
  },
  dynamicsCrm: {
    user_impersonation: {
      value: 'user_impersonation',
      id: '78ce3f0f-a1ce-49c2-8cde-64b5c0896db4',
      type: 'User',
      adminConsentDisplayName: 'Access Common Data Service as organization users',
      adminConsentDescription:
        'Allows the application to access Common Data Service acting as users in the organization.',
      userConsentDisplayName: 'Access Common Data Service as you',
      userConsentDescription: 'Allows the application to access Common Data Service as you.',
    },
  },
} as const satisfies Record<string, Record<string, WellKnownScope>>;

/** The application permissions of Microsoft Graph that concern registrations, by name. Same source as the scopes. */
export const wellKnownAppRoles = {
  microsoftGraph: {
    'Application.ReadWrite.All': {
      value: 'Application.ReadWrite.All',
      id: '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9',
      displayName: 'Read and write all applications',
      description:
        'Allows the app to create, read, update and delete applications and service principals without a signed-in user. Does not allow management of consent grants.',
    },
    'DelegatedPermissionGrant.ReadWrite.All': {
      value: 'DelegatedPermissionGrant.ReadWrite.All',
      id: '8e8e4742-1d95-4f68-9d56-6ee75648c72a',
      displayName: 'Manage all delegated permission grants',
      description:
        'Allows the app to grant or revoke any delegated permission for any API (including Microsoft Graph), without a signed-in user.',
    },
    'AppRoleAssignment.ReadWrite.All': {
      value: 'AppRoleAssignment.ReadWrite.All',
      id: '06b708a9-e830-4db3-a914-8e69da51d44f',
      displayName: 'Manage app permission grants and app role assignments',
      description:
        'Allows the app to manage permission grants for application permissions to any API (including Microsoft Graph) and application assignments for any app, without a signed-in user.',
    },
    'Organization.Read.All': {
      value: 'Organization.Read.All',
      id: '498476ce-e0fe-48b0-b801-37ba7e2685c6',
      displayName: 'Read organization information',
      description:
        'Allows the app to read the organization and related resources, without a signed-in user. Related resources include things like subscribed skus and tenant branding information.',
    },
  },
} as const satisfies Record<string, Record<string, WellKnownAppRole>>;

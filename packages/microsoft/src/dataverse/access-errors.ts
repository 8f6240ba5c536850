import type { DataverseErrors } from './dataverse-error-entry.ts';

/** The token was not accepted: 401. A new token, asked for once, settles most of these. */
const notAuthenticated = {
  httpStatus: 401,
  whoActs: 'developer',
  nature: 'terminal',
} as const;

/** The caller is known but may not: 403. A new token changes nothing. */
const forbidden = {
  httpStatus: 403,
  whoActs: 'administrator',
  nature: 'terminal',
} as const;

const getNewToken =
  "A new token is asked for by itself once. If it comes back, check that the token's audience is this environment.";
const assignRole =
  'A system administrator of the environment gives the user (or application user) a security role that has the privilege.';
const fieldSecurity =
  'A system administrator adds the user to a column security profile that allows it, or the request leaves the column out.';

/** Errors of the Dataverse Web API that say who may not come in, or may not do this. */
export const accessErrors = {
  invalidAuthTicket: {
    ...notAuthenticated,
    code: '0x8004a100',
    name: 'InvalidAuthTicket',
    message: 'The ticket specified for authentication did not pass validation.',
    cause: 'The token could not be checked.',
    remedy: getNewToken,
  },
  expiredAuthTicket: {
    ...notAuthenticated,
    code: '0x8004a101',
    name: 'ExpiredAuthTicket',
    message: 'The ticket specified for authentication is expired.',
    cause: 'The token has ended.',
    remedy: getNewToken,
  },
  badAuthTicket: {
    ...notAuthenticated,
    code: '0x8004a102',
    name: 'BadAuthTicket',
    message: 'The ticket specified for authentication is invalid.',
    cause: 'The token could not be read.',
    remedy: getNewToken,
  },
  insufficientAuthTicket: {
    ...notAuthenticated,
    code: '0x8004a103',
    name: 'InsufficientAuthTicket',
    message: 'The ticket specified for authentication did not meet policy.',
    cause: "The token does not meet the environment's policy.",
    remedy: getNewToken,
  },
  tamperedAuthTicket: {
    ...notAuthenticated,
    code: '0x8004a105',
    name: 'TamperedAuthTicket',
    message: 'The ticket specified for authentication has been tampered with or invalidated.',
    cause: 'The token was changed on the way or withdrawn.',
    remedy: getNewToken,
  },
  invalidUserAuth: {
    ...notAuthenticated,
    code: '0x80040204',
    name: 'InvalidUserAuth',
    message: 'Invalid user auth.',
    cause: 'The caller could not be made out.',
    remedy: getNewToken,
  },
  missingCrmAuthenticationToken: {
    ...notAuthenticated,
    code: '0x80044300',
    name: 'MissingCrmAuthenticationToken',
    message: 'CrmAuthenticationToken is missing.',
    cause: 'The request carried no token.',
    remedy: getNewToken,
  },
  missingCrmAuthenticationTokenOrganizationName: {
    ...notAuthenticated,
    code: '0x80044308',
    name: 'MissingCrmAuthenticationTokenOrganizationName',
    message: 'Organization Name must be specified in CrmAuthenticationToken.',
    cause: 'The request does not say which environment it is for.',
    remedy: "Send the request to the environment's own address.",
  },
  requestIsNotAuthenticated: {
    ...notAuthenticated,
    code: '0x80044302',
    name: 'RequestIsNotAuthenticated',
    message: 'The request is not authenticated.',
    cause: 'The request carried no token, or one for something else.',
    remedy: getNewToken,
  },
  accessTokenExpired: {
    ...notAuthenticated,
    code: '0x8005f101',
    name: 'AccessTokenExpired',
    message: 'The requested resource requires authentication.',
    cause: 'The token has ended.',
    remedy: getNewToken,
  },
  unauthorizedAccess: {
    ...notAuthenticated,
    code: '0x80040277',
    name: 'UnauthorizedAccess',
    message: 'Attempted to perform an unauthorized operation.',
    cause: 'The environment does not accept this caller.',
    remedy: getNewToken,
  },
  invalidSecurityPrincipal: {
    ...notAuthenticated,
    code: '0x800404d2',
    name: 'UnManagedInvalidSecurityPrincipal',
    message: 'The security principal is invalid.',
    cause: 'The caller is not a valid user of the environment.',
    remedy: getNewToken,
  },
  userNotMemberOfOrganization: {
    ...forbidden,
    code: '0x80072560',
    name: '',
    message: 'The user is not a member of the organization.',
    cause: 'The person is no user of this environment, or the app has no application user in it.',
    remedy:
      'In the Power Platform admin center open the environment, Settings, Users + permissions: add the person under Users, or the app under Application users, with a security role.',
  },
  userNotAssignedRoles: {
    ...forbidden,
    code: '0x80042f09',
    name: 'UserNotAssignedRoles',
    message: 'The user has not been assigned any roles.',
    cause: 'The user (or application user) exists in the environment but has no security role.',
    remedy: 'A system administrator of the environment gives the user a security role.',
  },
  userNotAssignedLicense: {
    ...forbidden,
    code: '0x8004d24b',
    name: 'UserNotAssignedLicense',
    message: 'The user has not been assigned any License',
    cause: 'The person has no licence for Dynamics 365 or Dataverse.',
    remedy:
      'An administrator assigns a licence in the Microsoft 365 admin center; or the connection uses client credentials, whose application user needs none.',
  },
  userNotEnabled: {
    ...forbidden,
    code: '0x80040225',
    name: 'UnManagedIdsUserNotEnabled',
    message: 'The specified user is either disabled or is not a member of any business unit.',
    cause: 'The user is disabled in this environment, or belongs to no business unit.',
    remedy: 'A system administrator of the environment enables the user and sets the business unit.',
  },
  systemUserDisabled: {
    ...forbidden,
    code: '0x8004a112',
    name: 'SystemUserDisabled',
    message: 'The system user was disabled.',
    cause: 'The user is disabled in this environment.',
    remedy: 'A system administrator of the environment enables the user.',
  },
  applicationRestricted: {
    ...forbidden,
    code: '0x80095ffc',
    name: '',
    message:
      "Access to Dataverse API is restricted for this application Id : '{appId}'. Please contact your administrator for more information.",
    cause: 'The environment lets in certain apps only, and this one is not among them.',
    remedy: 'In the Power Platform admin center add the client id to the apps that the environment allows.',
  },
  organizationDisabled: {
    ...forbidden,
    code: '0x8004a104',
    name: 'OrganizationDisabled',
    message:
      'The Dynamics 365 organization you are attempting to access is currently disabled.  Please contact your system administrator',
    cause: 'The environment is disabled or in administration mode.',
    remedy: 'In the Power Platform admin center turn the environment on, or end its administration mode.',
  },
  privilegeDenied: {
    ...forbidden,
    code: '0x80040220',
    name: 'PrivilegeDenied',
    message:
      "Principal user (Id={userId}, type=8, roleCount={roleCount}) is missing {privilege} privilege (Id={privilegeId}) on OTC={objectTypeCode} for entity '{table}'.",
    cause: "The user's security roles do not include the privilege that the message names.",
    remedy: assignRole,
  },
  principalPrivilegeDenied: {
    ...forbidden,
    code: '0x80040231',
    name: 'PrincipalPrivilegeDenied',
    message: 'The principal does not have the privilege to perform the action on {table}.',
    cause: "The user's security roles do not include the privilege.",
    remedy: assignRole,
  },
  privilegeNotHeld: {
    ...forbidden,
    code: '0x80048306',
    name: 'unManagedIdsAccessDenied',
    message:
      'Not enough privilege to access the Microsoft Dynamics 365 object or perform the requested operation.',
    cause: "The user's security roles do not reach this row.",
    remedy: assignRole,
  },
  accessDenied: {
    ...forbidden,
    code: '0x80048405',
    name: 'AccessDenied',
    message: 'Access is denied.',
    cause: 'The environment refuses the action to this user.',
    remedy: assignRole,
  },
  crmSecurityError: {
    ...forbidden,
    code: '0x80040256',
    name: 'CrmSecurityError',
    message: 'User does not have the privilege or role to perform the action.',
    cause: "The user's security roles do not allow the action.",
    remedy: assignRole,
  },
  invalidAccessRights: {
    ...forbidden,
    code: '0x8004020d',
    name: 'InvalidAccessRights',
    message: 'Invalid access rights.',
    cause: 'The user may not share or change this row.',
    remedy: assignRole,
  },
  cannotActOnBehalfOfAnotherUser: {
    ...forbidden,
    code: '0x8004a110',
    name: 'CannotActOnBehalfOfAnotherUser',
    message: 'User does not have the privilege to act on behalf another user.',
    cause: 'The request asks to act as another user, which the caller may not.',
    remedy: 'A system administrator of the environment gives the caller the role Delegate.',
  },
  cannotAddOrActonBehalfAnotherUserPrivilege: {
    ...forbidden,
    code: '0x8004ed43',
    name: 'CannotAddOrActonBehalfAnotherUserPrivilege',
    message: 'The privilege to act on behalf of another user cannot be added or used.',
    cause: 'The request asks to act as another user, which the caller may not.',
    remedy: 'A system administrator of the environment gives the caller the role Delegate.',
  },
  attributePrivilegeCreateIsMissing: {
    ...forbidden,
    code: '0x8004f502',
    name: 'AttributePrivilegeCreateIsMissing',
    message:
      'The user does not have create permissions to a secured field. The requested operation could not be completed.',
    cause: 'A column in the request is secured, and the user may not set it on new rows.',
    remedy: fieldSecurity,
  },
  attributePrivilegeReadIsMissing: {
    ...forbidden,
    code: '0x8004f504',
    name: 'AttributePrivilegeReadIsMissing',
    message:
      'The user does not have read permissions to a secured field. The requested operation could not be completed.',
    cause: 'A column in the request is secured, and the user may not read it.',
    remedy: fieldSecurity,
  },
  attributePermissionUpdateIsMissingDuringUpdate: {
    ...forbidden,
    code: '0x8004f507',
    name: 'AttributePermissionUpdateIsMissingDuringUpdate',
    message:
      'The user does not have update permissions to a secured field. The requested operation could not be completed.',
    cause: 'A column in the request is secured, and the user may not change it.',
    remedy: fieldSecurity,
  },
} as const satisfies DataverseErrors;

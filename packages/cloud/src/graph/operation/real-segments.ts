/** What every directory object has besides (Microsoft Graph reference, "directoryObject"). */
const objectActions = 'checkMemberGroups checkMemberObjects getMemberGroups getMemberObjects restore';

/** Functions of the sets of directory objects. */
const setFunctions = 'delta getAvailableExtensionProperties getByIds validateProperties';

/** Kinds of directory objects, by which a path narrows a mixed collection. */
const casts = [
  'administrativeUnit',
  'application',
  'device',
  'directoryRole',
  'endpoint',
  'group',
  'orgContact',
  'servicePrincipal',
  'user',
].map((kind) => `microsoft.graph.${kind}`);

/** What OData puts behind a resource. */
const systemSegments = ['$count', '$ref', '$value'];

/**
 * Where the real Graph v1.0 leads on: the names that may follow a place. A place is a path with `*` for each key;
 * `/me` is one of the people. Some of them this cloud serves; the rest is what it hasn't got, in distinction to what
 * nobody has. Source: Microsoft Graph REST API reference v1.0 and the metadata of v1.0.
 */
const realSegments: Readonly<Record<string, string>> = {
  '': `
    $metadata admin agreementAcceptances agreements appCatalogs applicationTemplates applications auditLogs
    authenticationMethodConfigurations authenticationMethodsPolicy branding certificateBasedAuthConfiguration
    chats communications compliance connections contacts contracts copilot dataPolicyOperations
    deviceAppManagement deviceManagement devices directory directoryObjects directoryRoleTemplates
    directoryRoles domainDnsRecords domains drive drives education employeeExperience external filterOperators
    functions groupLifecyclePolicies groupSettingTemplates groupSettings groups identity identityGovernance
    identityProtection identityProviders informationProtection invitations localizations me
    oauth2PermissionGrants organization permissionGrants places planner policies print privacy reports
    roleManagement schemaExtensions scopedRoleMemberships search security servicePrincipals shares sites
    solutions storage subscribedSkus subscriptions teams teamsTemplates teamwork tenantRelationships users
  `,
  applications: setFunctions,
  'applications/*': `
    ${objectActions} addKey addPassword appManagementPolicies createdOnBehalfOf extensionProperties
    federatedIdentityCredentials homeRealmDiscoveryPolicies logo owners removeKey removePassword
    setVerifiedPublisher synchronization tokenIssuancePolicies tokenLifetimePolicies unsetVerifiedPublisher
  `,
  directory: `
    administrativeUnits attributeSets customSecurityAttributeDefinitions deletedItems deviceLocalCredentials
    federationConfigurations onPremisesSynchronization publicKeyInfrastructure subscriptions
  `,
  'directory/deletedItems': setFunctions,
  'directory/deletedItems/*': objectActions,
  directoryObjects: setFunctions,
  'directoryObjects/*': objectActions,
  directoryRoleTemplates: setFunctions,
  'directoryRoleTemplates/*': objectActions,
  directoryRoles: setFunctions,
  'directoryRoles/*': `${objectActions} members scopedMembers`,
  'domains/*': `
    domainNameReferences federationConfiguration forceDelete promote rootDomain serviceConfigurationRecords
    verificationDnsRecords verify
  `,
  groups: setFunctions,
  'groups/*': `
    ${objectActions} acceptedSenders addFavorite appRoleAssignments assignLicense calendar calendarView
    checkGrantedPermissionsForApp conversations createdOnBehalfOf drive drives events extensions
    groupLifecyclePolicies memberOf members membersWithLicenseErrors onPremisesSyncBehavior onenote owners
    permissionGrants photo photos planner rejectedSenders removeFavorite renew resetUnseenCount
    retryServiceProvisioning serviceProvisioningErrors settings sites subscribeByMail team threads
    transitiveMemberOf transitiveMembers unsubscribeByMail
  `,
  identityGovernance: `
    accessReviews appConsent entitlementManagement lifecycleWorkflows privilegedAccess termsOfUse
  `,
  'identityGovernance/appConsent/appConsentRequests': 'filterByCurrentUser',
  'identityGovernance/appConsent/appConsentRequests/*/userConsentRequests': 'filterByCurrentUser',
  'identityGovernance/appConsent/appConsentRequests/*/userConsentRequests/*': 'approval',
  oauth2PermissionGrants: 'delta',
  organization: setFunctions,
  'organization/*': `
    ${objectActions} branding certificateBasedAuthConfiguration extensions setMobileDeviceManagementAuthority
  `,
  roleManagement: 'directory entitlementManagement',
  'roleManagement/directory': `
    resourceNamespaces roleAssignmentScheduleInstances roleAssignmentScheduleRequests roleAssignmentSchedules
    roleAssignments roleDefinitions roleEligibilityScheduleInstances roleEligibilityScheduleRequests
    roleEligibilitySchedules
  `,
  'roleManagement/directory/roleAssignments/*': 'appScope directoryScope principal roleDefinition',
  'roleManagement/directory/roleDefinitions': 'delta',
  'roleManagement/directory/roleDefinitions/*': 'inheritsPermissionsFrom',
  servicePrincipals: setFunctions,
  'servicePrincipals/*': `
    ${objectActions} addKey addPassword addTokenSigningCertificate appManagementPolicies appRoleAssignedTo
    appRoleAssignments claimsMappingPolicies createdObjects delegatedPermissionClassifications endpoints
    federatedIdentityCredentials homeRealmDiscoveryPolicies memberOf oauth2PermissionGrants ownedObjects owners
    remoteDesktopSecurityConfiguration removeKey removePassword synchronization tokenIssuancePolicies
    tokenLifetimePolicies transitiveMemberOf
  `,
  users: setFunctions,
  'users/*': `
    ${objectActions} activities adhocCalls agreementAcceptances appRoleAssignments assignLicense authentication
    calendar calendarGroups calendarView calendars changePassword chats cloudClipboard cloudPCs contactFolders
    contacts convertExternalToInternalMemberUser createdObjects dataSecurityAndGovernance
    deviceManagementTroubleshootingEvents directReports drive drives employeeExperience events
    exportDeviceAndAppManagementData exportPersonalData extensions findMeetingTimes followedSites getMailTips
    getManagedAppDiagnosticStatuses getManagedAppPolicies getManagedDevicesWithAppFailures
    inferenceClassification insights joinedTeams licenseDetails mailFolders mailboxSettings
    managedAppRegistrations managedDevices manager memberOf messages oauth2PermissionGrants
    onPremisesSyncBehavior onenote onlineMeetings outlook ownedDevices ownedObjects people permissionGrants
    photo photos planner presence print registeredDevices reminderView removeAllDevicesFromManagement
    reprocessLicenseAssignment retryServiceProvisioning revokeSignInSessions scopedRoleMemberOf sendMail
    serviceProvisioningErrors settings solutions sponsors teamwork todo transitiveMemberOf transitiveReports
    translateExchangeIds windowsInformationProtectionDeviceRegistrations wipeManagedAppRegistrationsByDeviceTag
  `,
};

/** Methods that the real Graph has at a place, besides those that this cloud serves there. */
const realMethods: Readonly<Record<string, string>> = {
  domains: 'POST',
  'domains/*': 'PATCH DELETE',
  'identityGovernance/appConsent/appConsentRequests': 'POST',
  'identityGovernance/appConsent/appConsentRequests/*': 'PATCH DELETE',
  'directoryObjects/*': 'PATCH DELETE',
  organization: 'POST',
  'organization/*': 'PATCH DELETE',
  'roleManagement/directory/roleDefinitions': 'POST',
  'roleManagement/directory/roleDefinitions/*': 'PATCH DELETE',
  'users/*/photo': 'PATCH PUT DELETE',
  'users/*/photo/$value': 'PUT DELETE',
  'users/*/photos/*/$value': 'PUT DELETE',
};

const knownSegments = toLookUp(realSegments, (name) => name.toLowerCase());
const knownMethods = toLookUp(realMethods, (method) => method);

function toLookUp(
  table: Readonly<Record<string, string>>,
  spell: (name: string) => string,
): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(table).map(([place, names]) => [
      place.toLowerCase(),
      new Set(names.trim().split(/\s+/).map(spell)),
    ]),
  );
}

/** Whether the real Graph leads on from this place by this name; both in lower case, the name without its key. */
export function isRealSegment(place: string, name: string): boolean {
  if (place !== '' && (casts.some((cast) => cast.toLowerCase() === name) || systemSegments.includes(name))) {
    return true;
  }
  return knownSegments.get(personal(place))?.has(name) === true;
}

/** Whether the real Graph has a method at this place, which is in lower case. */
export function isRealMethod(place: string, method: string): boolean {
  return knownMethods.get(personal(place))?.has(method) === true;
}

function personal(place: string): string {
  return place.replace(/^me(?=\/|$)/, 'users/*');
}

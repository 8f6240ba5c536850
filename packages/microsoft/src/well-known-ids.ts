/**
 * Ids that are the same in every tenant: `appId`s of Microsoft's own services and public clients, and two
 * tenants of Microsoft's.
 *
 * Source: Microsoft Graph "Permissions reference"; "Verify first-party Microsoft applications in sign-in reports".
 */
export const wellKnownIds = {
  /** Resource: Microsoft Graph. */
  microsoftGraph: '00000003-0000-0000-c000-000000000000',
  /** Resource: the retired Azure AD Graph ("Windows Azure Active Directory"). */
  azureAdGraph: '00000002-0000-0000-c000-000000000000',
  /** Resource: "Dynamics CRM", also shown as "Common Data Service" or "Dataverse". */
  dynamicsCrm: '00000007-0000-0000-c000-000000000000',
  /** Resource: "Windows Azure Service Management API", which Azure's tools ask for when they sign in. */
  azureServiceManagement: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
  /** Public client: Microsoft Graph Command Line Tools. */
  graphCommandLineTools: '14d82eec-204b-4c2f-b7e8-296a70dab67e',
  /** Public client: Azure CLI. */
  azureCli: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  /** Public client: Azure PowerShell. */
  azurePowerShell: '1950a258-227b-4e31-a9cf-717495945fc2',
  /** Public client: Microsoft's own for Dataverse tools and samples; most of them have it built in. */
  dynamicsDevelopmentTools: '51f81489-12ee-4a9e-aaae-a2591f45987d',
  /** Client: the Azure portal, which signs people in to its App registrations pages. */
  azurePortal: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
  /** The tenant that personal Microsoft accounts belong to. */
  personalAccountTenant: '9188040d-6c67-4c5b-b112-36a304b66dad',
  /** The tenant that owns Microsoft's first-party applications (`appOwnerOrganizationId`). */
  microsoftServicesTenant: 'f8cdef31-a31e-4b4a-93e4-5f571e91255a',
} as const;

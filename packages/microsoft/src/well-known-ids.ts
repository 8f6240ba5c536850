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
  /** Resource: Azure Key Vault. */
  azureKeyVault: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
  /** Resource: Azure Storage. */
  azureStorage: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
  /** Resource: "Office 365 SharePoint Online". */
  sharePoint: '00000003-0000-0ff1-ce00-000000000000',
  /** Resource: "Office 365 Exchange Online". */
  exchange: '00000002-0000-0ff1-ce00-000000000000',
  /** Resource: Dynamics 365 Business Central. */
  businessCentral: '996def3d-b36c-4153-8607-a6fd3c01b89f',
  /** Resource: "Dynamics ERP", the Finance and Operations apps. */
  financeAndOperations: '00000015-0000-0000-c000-000000000000',
  /** Resource: Power Platform API. */
  powerPlatformApi: '8578e004-a5c6-46e7-913e-12f58912df43',
  /** Resource: "PowerApps Service", for which Power Platform's admin API takes tokens. */
  powerApps: '475226c6-020e-4fb2-8a90-7a972cbfc1d4',
  /** Resource: "Microsoft Flow Service". */
  powerAutomate: '7df0a125-d3be-4c96-aa54-591f83ff541c',
  /** Resource: "Power BI Service". */
  powerBi: '00000009-0000-0000-c000-000000000000',
  /** Resource: Azure DevOps. */
  azureDevOps: '499b84ac-1321-427f-aa17-267ca6975798',
  /** Resource: "ADIbizaUX", the pages of the Azure portal that are about the directory. */
  azureDirectoryPages: '74658136-14ec-4630-ad9b-26e160ff0fc6',
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

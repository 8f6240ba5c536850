const definitions = `
  EntityDefinitions GlobalOptionSetDefinitions ManagedPropertyDefinitions RelationshipDefinitions
`;

/** Of every organization and of the apps for sales, service and marketing. */
const entitySets = `
  activitymimeattachments activityparties activitypointers annotations appointments asyncoperations audits calendars
  campaignactivities campaignresponses campaigns competitors connectionroles connections customeraddresses customapis
  discounttypes duplicaterules emails entitlements environmentvariabledefinitions environmentvariablevalues faxes
  fieldsecurityprofiles importjobs incidentresolutions incidents invoicedetails invoices knowledgearticles languagelocales
  letters lists mailboxes opportunitycloses opportunityproducts phonecalls pluginassemblies plugintypes positions
  postfollows posts pricelevels principalobjectaccessset privileges productpricelevels products publishers queueitems
  queues quotedetails quotes recurringappointmentmasters roleprivilegescollection salesorderdetails salesorders
  savedqueries sdkmessageprocessingsteps sdkmessages serviceappointments serviceendpoints sharepointdocumentlocations
  sharepointsites socialactivities solutioncomponents solutions subjects systemforms tasks teammemberships
  teamrolescollection teams templates territories timezonedefinitions uoms uomschedules userqueries
  usersettingscollection webresourceset workflows
`;

const functions = `
  CalculateRollupField FormatAddress GetAllTimeZonesWithDisplayName GetTimeZoneCodeByLocalizedName InitializeFrom
  IsValidStateTransition LocalTimeFromUtcTime RetrieveAllEntities RetrieveAttributeChangeHistory RetrieveAvailableLanguages
  RetrieveDependenciesForDelete RetrieveDependentComponents RetrieveDeprovisionedLanguages RetrieveDuplicates
  RetrieveEntity RetrieveEnvironmentVariableValue RetrieveInstalledLanguagePacks RetrieveLicenseInfo
  RetrieveMetadataChanges RetrieveOrganizationInfo RetrieveProvisionedLanguages RetrieveRecordChangeHistory
  RetrieveRequiredComponents RetrieveRolePrivilegesRole RetrieveSetting RetrieveSharedPrincipalsAndAccess
  RetrieveTotalRecordCount UtcTimeFromLocalTime
`;

const actions = `
  AddPrincipalToQueue AddSolutionComponent BulkDelete BulkDetectDuplicates CalculatePrice CancelSalesOrder CloneAsPatch
  CloneAsSolution CloseIncident CloseQuote CommitAttachmentBlocksUpload CommitFileBlocksUpload ConvertQuoteToSalesOrder
  ConvertSalesOrderToInvoice CreateCustomerRelationships CreateMultiple CreatePolymorphicLookupAttribute DeleteAndPromote
  DeleteAuditData DeleteFile DeleteMultiple DeleteOptionValue DownloadBlock DownloadSolutionExportData ExecuteBackgroundOperation
  ExportPdfDocument ExportSolution ExportSolutionAsync FulfillSalesOrder GenerateQuoteFromOpportunity
  GetQuoteProductsFromOpportunity GrantAccess ImportSolution ImportSolutionAsync InitializeAttachmentBlocksDownload
  InitializeAttachmentBlocksUpload InitializeFileBlocksDownload InitializeFileBlocksUpload InsertOptionValue
  InsertStatusValue InstantiateTemplate LockInvoicePricing LoseOpportunity Merge ModifyAccess OrderOption PickFromQueue
  ProvisionLanguage PublishAllXml PublishAllXmlAsync PublishXml QualifyLead ReactivateEntityKey ReleaseToQueue
  RemoveFromQueue RemoveSolutionComponent RevokeAccess ReviseQuote SendEmailFromTemplate SetProcess StageSolution
  TriggerServiceEndpointCheck UpdateMultiple UpdateOptionValue UpdateStateValue UploadBlock UpsertMultiple WinOpportunity
  WinQuote
`;

const later = new Set(`$batch ${definitions} ${entitySets} ${functions} ${actions}`.split(/\s+/));

/** Whether the real Web API knows such a first step of a path, of which this one may have less. */
export function isOfRealWebApi(name: string): boolean {
  return later.has(name);
}

import { parseQueryOptions } from '../query/query-options.ts';
import { edmTypeOf } from '../records/validate-value.ts';
import { type Column, propertyNameOf } from '../tables/column.ts';
import { schema, type Table, tableNamed } from '../tables/schema.ts';
import type { Answer, WebApiRequest } from './answer.ts';

/** `GET /$metadata`: the tables as CSDL (OData CSDL XML 4.0), namespace `Microsoft.Dynamics.CRM`, alias `mscrm`. */
export function getMetadata(): Answer {
  const document = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '  <edmx:DataServices>',
    '    <Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '      <EntityType Name="crmbaseentity" Abstract="true" />',
    ...schema.tables.flatMap(entityType),
    ...functionTypes,
    '      <EntityContainer Name="System">',
    ...schema.tables.flatMap(entitySet),
    '        <FunctionImport Name="WhoAmI" Function="mscrm.WhoAmI" />',
    '        <FunctionImport Name="RetrieveVersion" Function="mscrm.RetrieveVersion" />',
    '        <FunctionImport Name="RetrieveCurrentOrganization" Function="mscrm.RetrieveCurrentOrganization" />',
    '      </EntityContainer>',
    '    </Schema>',
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
  ].join('\n');
  return { status: 200, text: { contentType: 'application/xml', content: document } };
}

const currentOrganizationTypes = [
  '      <EnumType Name="EndpointAccessType">',
  '        <Member Name="Default" Value="0" />',
  '        <Member Name="Internet" Value="1" />',
  '        <Member Name="Intranet" Value="2" />',
  '      </EnumType>',
  '      <EnumType Name="OrganizationState">',
  '        <Member Name="Enabled" Value="0" />',
  '        <Member Name="Disabled" Value="1" />',
  '      </EnumType>',
  '      <ComplexType Name="EndpointCollection">',
  '        <Property Name="Count" Type="Edm.Int32" Nullable="false" />',
  '        <Property Name="IsReadOnly" Type="Edm.Boolean" Nullable="false" />',
  '        <Property Name="Keys" Type="Collection(Edm.String)" Unicode="false" />',
  '        <Property Name="Values" Type="Collection(Edm.String)" Unicode="false" />',
  '      </ComplexType>',
  '      <ComplexType Name="OrganizationDetail">',
  '        <Property Name="OrganizationId" Type="Edm.Guid" Nullable="false" />',
  ...[
    'FriendlyName',
    'OrganizationVersion',
    'EnvironmentId',
    'DatacenterId',
    'Geo',
    'TenantId',
    'UrlName',
    'UniqueName',
  ].map((name) => `        <Property Name="${name}" Type="Edm.String" Unicode="false" />`),
  '        <Property Name="State" Type="mscrm.OrganizationState" Nullable="false" />',
  '        <Property Name="Endpoints" Type="mscrm.EndpointCollection" />',
  '      </ComplexType>',
  '      <ComplexType Name="RetrieveCurrentOrganizationResponse">',
  '        <Property Name="Detail" Type="mscrm.OrganizationDetail" />',
  '      </ComplexType>',
  '      <Function Name="RetrieveCurrentOrganization">',
  '        <Parameter Name="AccessType" Type="mscrm.EndpointAccessType" Nullable="false" />',
  '        <ReturnType Type="mscrm.RetrieveCurrentOrganizationResponse" Nullable="false" />',
  '      </Function>',
];

const functionTypes = [
  '      <ComplexType Name="WhoAmIResponse">',
  '        <Property Name="BusinessUnitId" Type="Edm.Guid" Nullable="false" />',
  '        <Property Name="UserId" Type="Edm.Guid" Nullable="false" />',
  '        <Property Name="OrganizationId" Type="Edm.Guid" Nullable="false" />',
  '      </ComplexType>',
  '      <ComplexType Name="RetrieveVersionResponse">',
  '        <Property Name="Version" Type="Edm.String" Unicode="false" />',
  '      </ComplexType>',
  '      <Function Name="WhoAmI">',
  '        <ReturnType Type="mscrm.WhoAmIResponse" Nullable="false" />',
  '      </Function>',
  '      <Function Name="RetrieveVersion">',
  '        <ReturnType Type="mscrm.RetrieveVersionResponse" Nullable="false" />',
  '      </Function>',
  ...currentOrganizationTypes,
];

function entityType({ definition, navigations, collections }: Table): string[] {
  const properties = definition.columns.map((column) => property(column, definition.primaryKey));
  const single = [...navigations.values()].map(({ name, column, target }) => {
    const partner = target.collection ? ` Partner="${target.collection}"` : '';
    return [
      `        <NavigationProperty Name="${name}" Type="mscrm.${target.table}"${partner}>`,
      `          <ReferentialConstraint Property="${propertyNameOf(column)}" ReferencedProperty="${tableNamed(target.table).definition.primaryKey}" />`,
      '        </NavigationProperty>',
    ].join('\n');
  });
  const many = [...collections.values()].map((collection) => {
    const partner = collection.kind === 'oneToMany' ? collection.target.navigation : collection.name;
    return `        <NavigationProperty Name="${collection.name}" Type="Collection(mscrm.${collection.table})" Partner="${partner}" />`;
  });
  return [
    `      <EntityType Name="${definition.logicalName}" BaseType="mscrm.crmbaseentity">`,
    '        <Key>',
    `          <PropertyRef Name="${definition.primaryKey}" />`,
    '        </Key>',
    ...properties,
    ...single,
    ...many,
    '      </EntityType>',
  ];
}

function property(column: Column, primaryKey: string): string {
  const facets =
    column.type === 'string' || column.type === 'memo'
      ? ` MaxLength="${column.maximumLength}" Unicode="true"`
      : '';
  const nullable = column.name === primaryKey ? ' Nullable="false"' : '';
  return `        <Property Name="${propertyNameOf(column)}" Type="${edmTypeOf(column)}"${nullable}${facets} />`;
}

function entitySet({ definition, navigations, collections }: Table): string[] {
  const single = [...navigations.values()].map(({ name, target }) => binding(name, target.table));
  const many = [...collections.values()].map(({ name, table }) => binding(name, table));
  return [
    `        <EntitySet Name="${definition.entitySetName}" EntityType="mscrm.${definition.logicalName}">`,
    ...single,
    ...many,
    '        </EntitySet>',
  ];
}

function binding(path: string, table: string): string {
  return `          <NavigationPropertyBinding Path="${path}" Target="${tableNamed(table).definition.entitySetName}" />`;
}

/** `GET /api/data/v9.2/`: the entity sets of the environment. */
export function getServiceDocument({ call, query }: WebApiRequest): Answer {
  parseQueryOptions(query, []);
  const names = schema.tables.map((table) => table.definition.entitySetName);
  return {
    status: 200,
    json: {
      '@odata.context': `${call.serviceRoot}/$metadata`,
      value: names.map((name) => ({ name, kind: 'EntitySet', url: name })),
    },
  };
}

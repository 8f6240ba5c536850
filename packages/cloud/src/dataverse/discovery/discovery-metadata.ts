import { instanceProperties, instanceTypes } from './instance.ts';

/** What must be there of every instance; the rest may be null. */
const required = [
  'Id',
  'TenantId',
  'IsUserSysAdmin',
  'OrganizationType',
  'State',
  'StatusMessage',
  'LastUpdated',
];

/** The service's one entity set as CSDL (OData CSDL XML 4.0). */
export function discoveryMetadata(): string {
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">',
    '  <edmx:DataServices>',
    '    <Schema Namespace="Microsoft.Dynamics.CRM" xmlns="http://docs.oasis-open.org/odata/ns/edm">',
    '      <EntityType Name="Instance">',
    '        <Key>',
    '          <PropertyRef Name="Id" />',
    '        </Key>',
    ...instanceProperties.map((name) => {
      const nullable = required.includes(name) ? ' Nullable="false"' : '';
      return `        <Property Name="${name}" Type="${instanceTypes[name]}"${nullable} />`;
    }),
    '      </EntityType>',
    '      <EntityContainer Name="Container">',
    '        <EntitySet Name="Instances" EntityType="Microsoft.Dynamics.CRM.Instance" />',
    '      </EntityContainer>',
    '    </Schema>',
    '  </edmx:DataServices>',
    '</edmx:Edmx>',
  ].join('\n');
}

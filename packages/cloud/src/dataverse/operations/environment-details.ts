/** What the discovery service calls a region. Source: the discovery servers of the Dataverse ServiceClient. */
const codes: Readonly<Record<string, string>> = {
  'crm.dynamics.com': 'NA',
  'crm2.dynamics.com': 'LATAM',
  'crm3.dynamics.com': 'CAN',
  'crm4.dynamics.com': 'EMEA',
  'crm5.dynamics.com': 'APAC',
  'crm6.dynamics.com': 'OCE',
  'crm7.dynamics.com': 'JPN',
  'crm8.dynamics.com': 'IND',
  'crm9.dynamics.com': 'NA',
  'crm11.dynamics.com': 'GBR',
  'crm12.dynamics.com': 'FRA',
  'crm14.dynamics.com': 'ZAF',
  'crm15.dynamics.com': 'UAE',
  'crm16.dynamics.com': 'GER',
  'crm17.dynamics.com': 'CHE',
  'crm19.dynamics.com': 'NOR',
  'crm20.dynamics.com': 'SGP',
  'crm21.dynamics.com': 'KOR',
  'crm.microsoftdynamics.us': 'USG',
  'crm.appsplatform.us': 'DOD',
  'crm.dynamics.cn': 'CHN',
};

/** The code of a region by its host; empty for one that is newer than this list. */
export function regionCode(regionHost: string): string {
  return codes[regionHost] ?? '';
}

/** Where an environment lies, as Power Platform names it. */
interface Location {
  location: string;
  azureRegion: string;
}

/** Source: "Regions overview for Power Platform"; the first of a location's Azure regions. */
const locations: Readonly<Record<string, Location>> = {
  'crm.dynamics.com': { location: 'unitedstates', azureRegion: 'westus' },
  'crm2.dynamics.com': { location: 'southamerica', azureRegion: 'brazilsouth' },
  'crm3.dynamics.com': { location: 'canada', azureRegion: 'canadacentral' },
  'crm4.dynamics.com': { location: 'europe', azureRegion: 'westeurope' },
  'crm5.dynamics.com': { location: 'asia', azureRegion: 'southeastasia' },
  'crm6.dynamics.com': { location: 'australia', azureRegion: 'australiaeast' },
  'crm7.dynamics.com': { location: 'japan', azureRegion: 'japaneast' },
  'crm8.dynamics.com': { location: 'india', azureRegion: 'centralindia' },
  'crm9.dynamics.com': { location: 'usgov', azureRegion: 'usgovvirginia' },
  'crm11.dynamics.com': { location: 'unitedkingdom', azureRegion: 'uksouth' },
  'crm12.dynamics.com': { location: 'france', azureRegion: 'francecentral' },
  'crm14.dynamics.com': { location: 'southafrica', azureRegion: 'southafricanorth' },
  'crm15.dynamics.com': { location: 'unitedarabemirates', azureRegion: 'uaenorth' },
  'crm16.dynamics.com': { location: 'germany', azureRegion: 'germanywestcentral' },
  'crm17.dynamics.com': { location: 'switzerland', azureRegion: 'switzerlandnorth' },
  'crm19.dynamics.com': { location: 'norway', azureRegion: 'norwayeast' },
  'crm20.dynamics.com': { location: 'singapore', azureRegion: 'southeastasia' },
  'crm21.dynamics.com': { location: 'korea', azureRegion: 'koreacentral' },
  'crm.microsoftdynamics.us': { location: 'usgovhigh', azureRegion: 'usgovvirginia' },
  'crm.appsplatform.us': { location: 'usdod', azureRegion: 'usdodeast' },
  'crm.dynamics.cn': { location: 'china', azureRegion: 'chinanorth2' },
};

/** Regions that are newer than the table lie in the United States. */
export function locationOf(regionHost: string): Location {
  return locations[regionHost] ?? { location: 'unitedstates', azureRegion: 'westus' };
}

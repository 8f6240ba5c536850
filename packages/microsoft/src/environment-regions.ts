/** The Dynamics 365 region that an environment's host belongs to. */
export interface EnvironmentRegion {
  /** The host without the organization: `crm4.dynamics.com`. */
  readonly host: string;
  /** For people: `Europe, Middle East, Africa`. */
  readonly title: string;
}

/** Source: "New datacenter regions" (Power Platform) and the discovery servers of the Dataverse ServiceClient. */
const regionTitles: ReadonlyMap<string, string> = new Map([
  ['crm.dynamics.com', 'North America'],
  ['crm2.dynamics.com', 'South America'],
  ['crm3.dynamics.com', 'Canada'],
  ['crm4.dynamics.com', 'Europe, Middle East, Africa'],
  ['crm5.dynamics.com', 'Asia Pacific'],
  ['crm6.dynamics.com', 'Oceania'],
  ['crm7.dynamics.com', 'Japan'],
  ['crm8.dynamics.com', 'India'],
  ['crm9.dynamics.com', 'North America 2 (US Government Community Cloud)'],
  ['crm11.dynamics.com', 'United Kingdom'],
  ['crm12.dynamics.com', 'France'],
  ['crm14.dynamics.com', 'South Africa'],
  ['crm15.dynamics.com', 'United Arab Emirates'],
  ['crm16.dynamics.com', 'Germany'],
  ['crm17.dynamics.com', 'Switzerland'],
  ['crm19.dynamics.com', 'Norway'],
  ['crm20.dynamics.com', 'Singapore'],
  ['crm21.dynamics.com', 'Korea'],
  ['crm.microsoftdynamics.us', 'US Government (GCC High)'],
  ['crm.appsplatform.us', 'US Department of Defense'],
  ['crm.dynamics.cn', 'China'],
]);

/** Names a region. Microsoft adds regions, so a number that we don't know is still a region, with a plain title. */
export function describeRegion(host: string): EnvironmentRegion {
  return { host, title: regionTitles.get(host) ?? `Region ${host}` };
}

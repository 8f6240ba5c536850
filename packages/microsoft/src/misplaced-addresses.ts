/** A Microsoft page that people paste in place of their environment, and what they should paste instead. */
export interface MisplacedAddress {
  /** Completes the sentence "… is {page}". */
  readonly page: string;
  readonly remedy: string;
}

const pasteTheEnvironment =
  'Open your Dynamics 365 app in the browser and paste the address from there, such as https://contoso.crm4.dynamics.com.';

const fromMakerPortal =
  'On that page choose the environment, then the gear, then "Session details" or "Developer resources", and paste the address shown there as "Instance URL" or "Web API endpoint".';

const fromAdminCenter =
  'On that page open Environments, choose yours, and paste its "Environment URL", such as https://contoso.crm4.dynamics.com.';

interface MisplacedHost extends MisplacedAddress {
  readonly host: RegExp;
}

const misplacedHosts: readonly MisplacedHost[] = [
  {
    host: /^(?:make(?:\.[a-z]+)*\.powerapps\.(?:com|us|cn)|make\.[a-z]+\.appsplatform\.us)$/,
    page: 'the Power Apps maker portal',
    remedy: fromMakerPortal,
  },
  {
    host: /^(?:apps(?:\.[a-z]+)*|web)\.powerapps\.(?:com|us)$/,
    page: 'the Power Apps player',
    remedy: pasteTheEnvironment,
  },
  {
    host: /^(?:make\.powerautomate\.com|[a-z]*\.?flow\.microsoft\.com)$/,
    page: 'Power Automate',
    remedy: pasteTheEnvironment,
  },
  {
    host: /^(?:admin\.powerplatform\.microsoft\.(?:com|us)|[a-z]+\.admin\.powerplatform\.microsoft\.us|admin\.powerapps\.com|admin\.dynamics\.com)$/,
    page: 'the Power Platform admin center',
    remedy: fromAdminCenter,
  },
  {
    host: /^(?:port|admin\.services|home)\.crm\d*\.dynamics\.com$/,
    page: 'the administration service of Dynamics 365, not an environment',
    remedy: fromAdminCenter,
  },
  {
    host: /^(?:globaldisco|disco)\.crm\d*\.(?:dynamics\.(?:com|cn)|microsoftdynamics\.us|appsplatform\.us)$/,
    page: 'the discovery service, which lists environments but is none',
    remedy: pasteTheEnvironment,
  },
  {
    host: /^(?:login\.microsoftonline\.(?:com|us)|login\.partner\.microsoftonline\.cn|login\.(?:windows\.net|microsoft\.com|live\.com|chinacloudapi\.cn)|sts\.windows\.net)$/,
    page: "Microsoft's sign-in page",
    remedy: `It is where the tokens come from, not where the data is. ${pasteTheEnvironment}`,
  },
  {
    host: /^(?:portal\.azure\.(?:com|us|cn)|aad\.portal\.azure\.com|entra\.microsoft\.(?:com|us))$/,
    page: 'the portal where apps are registered',
    remedy: pasteTheEnvironment,
  },
  {
    host: /^(?:graph\.microsoft\.(?:com|us)|dod-graph\.microsoft\.us|microsoftgraph\.chinacloudapi\.cn)$/,
    page: 'Microsoft Graph',
    remedy: pasteTheEnvironment,
  },
  {
    host: /^(?:home\.dynamics\.com|dynamics\.microsoft\.com|www\.office\.com|www\.microsoft365\.com)$/,
    page: 'a start page, not an environment',
    remedy: pasteTheEnvironment,
  },
  {
    host: /(?:^|\.)(?:operations|cloudax|axcloud)\.dynamics\.com$/,
    page: 'Dynamics 365 Finance and Operations, another product with another API',
    remedy: `Paste the address of the Dataverse environment that belongs to it. ${pasteTheEnvironment}`,
  },
  {
    host: /(?:^|\.)(?:businesscentral|bc)\.dynamics\.com$/,
    page: 'Dynamics 365 Business Central, another product with another API',
    remedy: pasteTheEnvironment,
  },
  {
    host: /(?:^|\.)(?:powerappsportals\.com|microsoftcrmportals\.com|powerappsportals\.us)$/,
    page: 'a Power Pages website that stands on an environment',
    remedy: pasteTheEnvironment,
  },
];

/** Tells which well-known Microsoft page a host (lower case) is, or undefined when it is none of them. */
export function findMisplacedAddress(host: string): MisplacedAddress | undefined {
  return misplacedHosts.find((entry) => entry.host.test(host));
}

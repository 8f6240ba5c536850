import { X509Certificate } from 'node:crypto';
import type { HubConfig } from '../config/config.ts';
import { isLoopback } from '../config/is-loopback.ts';
import type { Clock } from '../ground/clock.ts';
import { type Finding, fine, warning } from './finding.ts';

/** What can be said of the settings without asking anybody. */
export function examineConfiguration(config: HubConfig, clock: Clock): Finding[] {
  return [
    examineAddresses(config),
    examineMetrics(config),
    examineProxy(config),
    examineAuthorities(config, clock),
  ].flat();
}

function examineAddresses({ host, publicUrl, cloud }: HubConfig): Finding {
  const isForOthers = !isLoopback(host);
  if (isForOthers && isLoopback(new URL(publicUrl).hostname)) {
    return warning(
      'configuration',
      `The hub lets others in (${host}), and its public address is this machine’s: ${publicUrl}.`,
      'Set PUBLIC_URL to the https address that others come by.',
    );
  }
  return fine('configuration', `For ${cloud.title}, at ${publicUrl}.`);
}

function examineMetrics({ metrics }: HubConfig): Finding[] {
  if (metrics === null || isLoopback(metrics.host)) return [];
  return [
    warning(
      'metrics',
      `Metrics are for whoever reaches ${metrics.host}:${metrics.port}, without a key.`,
      'Keep that port inside: let a firewall or network policy see to it.',
    ),
  ];
}

function examineProxy({ proxies: { https, http, unknownDirect } }: HubConfig): Finding {
  if (unknownDirect.length > 0) {
    return warning(
      'proxy',
      `NO_PROXY has entries that mean nothing here: ${unknownDirect.join(', ')}.`,
      'Write names, addresses or ranges with commas between them.',
    );
  }
  if (https === null && http === null) return fine('proxy', 'None: calls go straight out.');
  return fine(
    'proxy',
    `Calls go through ${[https, http].flatMap((proxy) => proxy?.origin ?? []).join(' and ')}.`,
  );
}

function examineAuthorities({ authorities }: HubConfig, clock: Clock): Finding {
  const ended = authorities.extra
    .map((pem) => new X509Certificate(pem))
    .filter((certificate) => certificate.validToDate.getTime() < clock.now());
  const [first] = ended;
  if (first) {
    const subject = first.subject.replaceAll('\n', ', ');
    return warning(
      'certificate authorities',
      `A certificate in NODE_EXTRA_CA_CERTS has ended: ${subject}.`,
      'Put its successor into the file.',
    );
  }
  const system = authorities.system ? ', and those of the system' : '';
  return fine('certificate authorities', `${authorities.extra.length} of your own besides Node’s${system}.`);
}

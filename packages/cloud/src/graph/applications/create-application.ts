import { type ApplicationDocument, emptyApplicationDocument } from '../../directory/application-document.ts';
import { type Application, addOwner, createApplication } from '../../directory/applications.ts';
import { allowsPersonalAccounts } from '../../directory/personal-accounts.ts';
import { objectIdOf } from '../access/person-rules.ts';
import { bindLinks, splitBinds } from '../links/bind-links.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readProperties, requireProperties } from '../operation/property-table.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { applicationProperties } from '../resources/application-properties.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { type ApplicationDraft, applyApplicationProperties } from './apply-application-properties.ts';
import { checkApplication } from './check-application.ts';
import { checkPreAuthorized } from './check-pre-authorized.ts';
import { ownersOf } from './owner-operations.ts';

/**
 * `POST /applications`: makes the definition alone, no service principal; the caller becomes its owner unless others are named. Any
 * member may do it, as is the default of a tenant ("Users can register applications").
 */
export function createApplicationFromBody(call: GraphCall): GraphAnswer {
  return createApplicationAs(call, {});
}

/** The same with an alternate key, which only an upsert gives. */
export function createApplicationAs(
  call: GraphCall,
  alternateKey: Pick<ApplicationDocument, 'uniqueName'>,
): GraphAnswer {
  const { directory, clock, random } = call.context;
  const { tenant } = call.caller;
  const draft: ApplicationDraft = {
    displayName: '',
    document: { ...emptyApplicationDocument(tenant.domains[0] ?? null), ...alternateKey },
  };
  const { bound, rest } = splitBinds(call.body, ['owners']);
  const given = readProperties(rest, applicationProperties, 'create');
  requireProperties(given, ['displayName'], 'Application');
  applyApplicationProperties(draft, given);
  // Personal accounts take v2 tokens alone, so that is what an application gets whose maker didn't say.
  if (allowsPersonalAccounts(draft)) draft.document.api.requestedAccessTokenVersion ??= 2;
  checkApplication(directory, { tenant, id: null, draft });
  checkPreAuthorized(given, draft);
  const application: Application = {
    id: random.guid(),
    appId: random.guid(),
    tenantId: tenant.id,
    createdAt: clock.now(),
    deletedAt: null,
    ...draft,
  };
  directory.transaction(() => {
    createApplication(directory, application);
    bindLinks(call, bound, [ownersOf(call, application)]);
    addOwner(directory, application.id, objectIdOf(call.caller));
  });
  return answerCreated(call, {
    context: 'applications',
    type: applicationType,
    resource: presentApplication(directory, application),
  });
}

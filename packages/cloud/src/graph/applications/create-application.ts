import { emptyApplicationDocument } from '../../directory/application-document.ts';
import { type Application, addOwner, createApplication } from '../../directory/applications.ts';
import { allowsPersonalAccounts } from '../../directory/personal-accounts.ts';
import { objectIdOf } from '../access/person-rules.ts';
import { badRequest } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { answerCreated } from '../query/answer-entity.ts';
import { applicationType, presentApplication } from '../resources/present-application.ts';
import { type ApplicationDraft, applyApplicationProperties } from './apply-application-properties.ts';
import { checkApplication } from './check-application.ts';

/**
 * `POST /applications`: makes the definition alone, no service principal; the caller becomes its owner. Any
 * member may do it, as is the default of a tenant ("Users can register applications").
 */
export function createApplicationFromBody(call: GraphCall): GraphAnswer {
  const { directory, clock, random } = call.context;
  const { tenant } = call.caller;
  const draft: ApplicationDraft = {
    displayName: '',
    document: emptyApplicationDocument(tenant.domains[0] ?? null),
  };
  applyApplicationProperties(draft, call.body);
  if (!draft.displayName) {
    throw badRequest("A value is required for property 'displayName' of resource 'Application'.", {
      code: 'PropertyRequired',
      message: "A value is required for property 'displayName'.",
      target: 'displayName',
    });
  }
  // Personal accounts take v2 tokens alone, so that is what an application gets whose maker didn't say.
  if (allowsPersonalAccounts(draft)) draft.document.api.requestedAccessTokenVersion ??= 2;
  checkApplication(directory, { tenant, id: null, draft });
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
    addOwner(directory, application.id, objectIdOf(call.caller));
  });
  return answerCreated(call, {
    context: 'applications',
    type: applicationType,
    resource: presentApplication(directory, application),
  });
}

import { type ServicePrincipal, updateServicePrincipal } from '../../directory/service-principals.ts';
import { requirePrincipalManager } from '../access/person-rules.ts';
import { invalidValue, resourceNotFound } from '../errors/graph-error.ts';
import { splitBinds } from '../links/bind-links.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { readChanges, readProperties } from '../operation/property-table.ts';
import { presentServicePrincipal } from '../resources/present-service-principal.ts';
import { servicePrincipalProperties } from '../resources/service-principal-properties.ts';
import { createServicePrincipalOf } from './create-service-principal.ts';
import { lookUpPrincipal } from './find-addressed-principal.ts';
import { mergeOwnPart } from './read-service-principal.ts';

/**
 * `PATCH /servicePrincipals/{id}`. By `(appId='…')` and with `Prefer: create-if-missing` it makes the one that is not
 * there ("Upsert servicePrincipal").
 *
 * A principal that is switched off gets no tokens and lets nobody in (AADSTS7000112); one that requires assignment
 * lets in who holds a role of it (AADSTS50105).
 */
export function updateServicePrincipalFromBody(call: GraphCall): GraphAnswer {
  const { key, principal } = lookUpPrincipal(call);
  if (principal) return update(call, principal);
  if (key.name !== 'appId' || !call.preferences.includes('create-if-missing'))
    throw resourceNotFound(key.value);
  const { rest } = splitBinds(call.body, ['owners']);
  const given = readProperties(rest, servicePrincipalProperties, 'create');
  const { appId } = given;
  if (appId !== undefined && (typeof appId !== 'string' || appId.toLowerCase() !== key.value)) {
    throw invalidValue('appId', 'It must be that of the address.');
  }
  return createServicePrincipalOf(call, key.value, given);
}

function update(call: GraphCall, principal: ServicePrincipal): GraphAnswer {
  const { directory } = call.context;
  requirePrincipalManager(call.caller, directory, principal);
  const current = presentServicePrincipal(directory, principal);
  const changes = readChanges(call.body, servicePrincipalProperties, current);
  // Even to the empty list: it would mean to remove them all, which must not pass unnoticed.
  if (changes.passwordCredentials !== undefined) {
    throw invalidValue(
      'passwordCredentials',
      'Secrets are made by addPassword and removed by removePassword.',
    );
  }
  updateServicePrincipal(directory, mergeOwnPart(principal, changes));
  return { status: 204 };
}

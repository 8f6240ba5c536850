import { addClientSecret, listClientSecrets, removeClientSecret } from '../../directory/client-secrets.ts';
import { allowsPersonalAccounts } from '../../directory/personal-accounts.ts';
import { requireApplicationManager } from '../access/person-rules.ts';
import {
  addSecret,
  removeSecret,
  type SecretHolder,
  secretOperations,
} from '../credentials/secret-operations.ts';
import type { GraphAnswer, GraphCall } from '../operation/graph-operation.ts';
import { findAddressedApplication } from './find-addressed-application.ts';

/** "Supported accounts validation": secrets of an application that lets personal accounts in. */
const maximumPersonalSecrets = 2;

/** `addPassword` and `removePassword` of an application. */
export const passwordOperations = secretOperations('applications', findHolder);

/** Answers with the text of a new secret. */
export function addPassword(call: GraphCall): GraphAnswer {
  return addSecret(call, findHolder(call));
}

/** Removes a secret by its `keyId`. */
export function removePassword(call: GraphCall): GraphAnswer {
  return removeSecret(call, findHolder(call));
}

function findHolder(call: GraphCall): SecretHolder {
  const { directory } = call.context;
  const application = findAddressedApplication(call);
  requireApplicationManager(call.caller, directory, application);
  const { id, tenantId } = application;
  return {
    tenantId,
    maximumSecrets: allowsPersonalAccounts(application) ? maximumPersonalSecrets : null,
    list: () => listClientSecrets(directory, id),
    add: (wish) => addClientSecret(directory, id, wish),
    remove: (keyId) => removeClientSecret(directory, id, keyId),
  };
}

import type { KeyCredential } from '../../directory/application-document.ts';
import { badRequest, invalidValue } from '../errors/graph-error.ts';
import {
  belowKeys,
  type GraphAnswer,
  type GraphCall,
  type GraphOperation,
} from '../operation/graph-operation.ts';
import { readBody, readGuid } from '../operation/read-body.ts';
import { presentKeyCredential } from '../resources/present-credentials.ts';
import { checkProof } from './check-proof.ts';
import { readKeyCredential } from './read-key-credentials.ts';

/** Whatever signs assertions with certificates: an application, or a service principal of its own. */
export interface KeyHolder {
  id: string;
  keys: readonly KeyCredential[];
  replaceKeys: (keys: KeyCredential[]) => void;
}

/**
 * `addKey` and `removeKey` of a set's objects, by which a program rolls its own certificates: with a proof that it
 * holds one of those that are there. That takes no permission where the object is the caller itself.
 *
 * @param find the object that the path names, which the caller may change
 */
export function keyOperations(set: string, find: (call: GraphCall) => KeyHolder): GraphOperation[] {
  return [
    ...belowKeys(set, [])('/addKey', { method: 'POST', handle: (call) => addKey(call, find(call)) }),
    ...belowKeys(set, [])('/removeKey', { method: 'POST', handle: (call) => removeKey(call, find(call)) }),
  ];
}

function addKey(call: GraphCall, holder: KeyHolder): GraphAnswer {
  const { keyCredential, passwordCredential, proof } = readBody(call.body, [
    'keyCredential',
    'passwordCredential',
    'proof',
  ]);
  checkProof(proof, { ...holder, now: call.context.clock.now() });
  if ((passwordCredential ?? null) !== null) {
    throw invalidValue('passwordCredential', 'It belongs to keys that sign tokens, which are not kept here.');
  }
  const added = readKeyCredential(keyCredential, 'keyCredential', []);
  if (holder.keys.some(({ keyId }) => keyId === added.keyId)) {
    throw invalidValue('keyCredential.keyId', 'It contains a duplicate value. Please provide unique values.');
  }
  holder.replaceKeys([added, ...holder.keys]);
  return {
    status: 200,
    body: {
      '@odata.context': `${call.serviceRoot}/$metadata#microsoft.graph.keyCredential`,
      ...presentKeyCredential(added),
    },
  };
}

function removeKey(call: GraphCall, holder: KeyHolder): GraphAnswer {
  const body = readBody(call.body, ['keyId', 'proof']);
  checkProof(body.proof, { ...holder, now: call.context.clock.now() });
  const keyId = readGuid(body.keyId, 'keyId');
  const kept = holder.keys.filter((credential) => credential.keyId !== keyId);
  if (kept.length === holder.keys.length) {
    throw badRequest(`No key credential found with keyId '${keyId}'.`);
  }
  holder.replaceKeys(kept);
  return { status: 204 };
}

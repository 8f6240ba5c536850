import { permissionRules } from '../access/permission-rules.ts';
import { GraphError } from '../errors/graph-error.ts';
import type { GraphAnswer, GraphCall, GraphOperation } from '../operation/graph-operation.ts';
import type { ResourceType } from '../operation/resource-type.ts';
import { answerCollection } from '../query/answer-collection.ts';
import { listedObjects } from '../query/object-set.ts';
import { findAddressedUser, forPerson } from './user-set.ts';

const forReader = forPerson({ own: [permissionRules.readMe], any: [permissionRules.readPhotos] });
const type: ResourceType = { name: 'profilePhoto', properties: ['height', 'id', 'width'] };

/** Photos of people, of which there are none: what the real service answers for somebody who set none. */
export const photoOperations: GraphOperation[] = [
  ...['/photo', '/photo/$value', '/photos/:size', '/photos/:size/$value'].flatMap((suffix) =>
    forReader(suffix, { method: 'GET', handle: findNoPhoto }),
  ),
  ...forReader('/photos', { method: 'GET', handle: listNoPhotos }),
];

function findNoPhoto(call: GraphCall): never {
  findAddressedUser(call);
  throw new GraphError(
    404,
    'ImageNotFound',
    "Exception of type 'Microsoft.Fast.Profile.Core.Exception.ImageNotFoundException' was thrown.",
  );
}

function listNoPhotos(call: GraphCall): GraphAnswer {
  const { id } = findAddressedUser(call);
  return answerCollection(call, { context: `users('${id}')/photos`, type, objects: listedObjects([]) });
}

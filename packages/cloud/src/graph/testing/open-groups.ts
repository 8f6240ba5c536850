import { type GraphTestClient, openGraph } from './open-graph.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

/** A security group, as a body makes it. */
export const sellers = {
  displayName: 'Sellers',
  mailEnabled: false,
  mailNickname: 'sellers',
  securityEnabled: true,
};

/** Graph with an administrator of its groups. */
export interface GroupsTestClient extends Omit<GraphTestClient, 'call'> {
  token: string;
  call(method: Method, path: string, body?: object, as?: string): ReturnType<GraphTestClient['call']>;
  /** @returns the id of the new group, by default of `sellers` */
  make(body?: object, as?: string): Promise<string>;
  /** Links an object to a group by reference. */
  add(group: string, relation: string, id: string, as?: string): ReturnType<GraphTestClient['call']>;
  /** Of the objects that a path answers. */
  ids(path: string): Promise<string[]>;
}

export async function openGroups(): Promise<GroupsTestClient> {
  const graph = await openGraph();
  const token = await graph.personToken('admin', 'Group.ReadWrite.All');
  const call: GroupsTestClient['call'] = (method, path, body, as = token) =>
    graph.call(as, method, path, body, { consistencylevel: 'eventual' });
  return {
    ...graph,
    token,
    call,
    make: async (body = sellers, as = token) => (await call('POST', '/groups', body, as)).body.id,
    add: (group, relation, id, as = token) =>
      call('POST', `/groups/${group}/${relation}/$ref`, { '@odata.id': objectAddress(id) }, as),
    ids: async (path) => (await call('GET', path)).body.value.map(({ id }) => id),
  };
}

/** An object's address in Microsoft's own Graph, as references name it. */
export function objectAddress(id: string): string {
  return `https://graph.microsoft.com/v1.0/directoryObjects/${id}`;
}

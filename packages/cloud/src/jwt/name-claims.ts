import type { User } from '../directory/users.ts';

/** The claims of a person's names, of those that they have. */
export function nameClaims({ givenName, surname }: Pick<User, 'givenName' | 'surname'>): {
  family_name?: string;
  given_name?: string;
} {
  return {
    ...(surname !== null && { family_name: surname }),
    ...(givenName !== null && { given_name: givenName }),
  };
}

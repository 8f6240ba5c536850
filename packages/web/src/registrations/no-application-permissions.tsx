import { Code } from '@mantine/core';
import { Notice } from '../facts/notice.tsx';

/** What is asked for, and why there is nothing more to ask. */
export function NoApplicationPermissions() {
  return (
    <Notice tone="info">
      The app asks for Dynamics CRM’s one delegated permission, <Code>user_impersonation</Code>. Dynamics CRM
      offers no application permissions.
    </Notice>
  );
}

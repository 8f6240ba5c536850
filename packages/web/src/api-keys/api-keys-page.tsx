import { Button, Code } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { LoadedList } from '../shell/loaded-list.tsx';
import { Page } from '../shell/page.tsx';
import { ApiKeyList } from './api-key-list.tsx';
import { apiKeysQuery } from './api-keys-query.ts';
import { CreateApiKeyDialog } from './create-api-key-dialog.tsx';

/** The keys that apps and the command line call the hub with. */
export function ApiKeysPage() {
  const keys = useInfiniteQuery(apiKeysQuery(useHubClient()));
  const [creating, { open, close }] = useDisclosure(false);
  return (
    <Page
      title="API keys"
      description={
        <>
          An app calls the hub with a key: <Code>Authorization: Bearer lk_…</Code>
        </>
      }
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={open}>
          New API key
        </Button>
      }
    >
      <LoadedList
        query={keys}
        empty={{
          icon: <IconKey size={40} stroke={1.25} aria-hidden />,
          title: 'No API keys yet',
          description: 'Make one for each app, so that you can revoke it alone.',
        }}
      >
        {(items) => <ApiKeyList keys={items} />}
      </LoadedList>
      <CreateApiKeyDialog opened={creating} onClose={close} />
    </Page>
  );
}

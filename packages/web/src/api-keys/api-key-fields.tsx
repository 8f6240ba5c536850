import { Checkbox, MultiSelect, NativeSelect, Stack } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { connectionsQuery } from '../connections/connection-queries.ts';
import type { FieldErrors } from '../failures/field-errors.ts';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { type ApiKeyDraft, lifetimes, type Purpose } from './api-key-draft.ts';
import { allScopes, purposes, scopeWords } from './scope-words.ts';

interface ApiKeyFieldsProps {
  draft: ApiKeyDraft;
  errors: FieldErrors;
  change: (part: Partial<ApiKeyDraft>) => void;
}

const purposeChoices: readonly { value: Purpose; label: string }[] = [
  { value: 'all', label: purposes.all.title },
  { value: 'token', label: purposes.token.title },
  { value: 'proxy', label: purposes.proxy.title },
  { value: 'read', label: purposes.read.title },
  { value: 'chosen', label: 'What I choose' },
];

/** What a key may do, with which connections, and until when. */
export function ApiKeyFields({ draft, errors, change }: ApiKeyFieldsProps) {
  const { data: connections = [] } = useInfiniteQuery(connectionsQuery(useHubClient()));
  return (
    <>
      <NativeSelect
        label="It may"
        data={[...purposeChoices]}
        value={draft.purpose}
        onChange={({ currentTarget }) => {
          const chosen = purposeChoices.find(({ value }) => value === currentTarget.value);
          if (chosen) change({ purpose: chosen.value });
        }}
      />
      {draft.purpose === 'chosen' && (
        <Checkbox.Group
          label="Scopes"
          required
          value={draft.scopes}
          error={errors.scopes}
          onChange={(scopes) => change({ scopes })}
        >
          <Stack gap="xs" mt="xs">
            {allScopes.map((scope) => (
              <Checkbox key={scope} value={scope} label={scope} description={scopeWords[scope]} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
      <MultiSelect
        label="With the connections"
        placeholder={draft.connectionIds.length === 0 ? 'All' : ''}
        searchable
        // Else it would lie outside the dialog, where screen readers don’t look for it.
        comboboxProps={{ withinPortal: false }}
        clearable
        nothingFoundMessage="There is none of that name."
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={draft.connectionIds}
        error={errors.connectionIds ?? (draft.purpose === 'chosen' ? undefined : errors.scopes)}
        onChange={(connectionIds) => change({ connectionIds })}
      />
      <NativeSelect
        label="It ends"
        data={lifetimes.map(({ title }) => title)}
        value={draft.ends}
        error={errors.expiresAt}
        onChange={({ currentTarget }) => change({ ends: currentTarget.value })}
      />
    </>
  );
}

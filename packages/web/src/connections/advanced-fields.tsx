import { NumberInput, Radio, Stack, Textarea, TextInput } from '@mantine/core';
import { Disclosure } from '../shell/disclosure.tsx';
import { advancedFields, requestTimeoutRange } from './connection-draft.ts';
import type { DraftFieldsProps } from './draft-fields.ts';

/** What is right as it is for most connections. */
export function AdvancedFields({ draft, errors, change }: DraftFieldsProps) {
  return (
    <Disclosure label="Advanced" forced={advancedFields.some((field) => errors[field] !== undefined)}>
      <TextInput
        label="Name"
        required
        autoComplete="off"
        value={draft.name}
        error={errors.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={draft.description}
        error={errors.description}
        onChange={(event) => change({ description: event.currentTarget.value })}
      />
      {draft.method === 'sign_in' && (
        <Radio.Group
          label="Endpoint version"
          value={draft.endpointVersion}
          error={errors.endpointVersion}
          onChange={(version) => change({ endpointVersion: version === 'v1' ? 'v1' : 'v2' })}
        >
          <Stack gap="xs" mt="xs">
            <Radio
              value="v2"
              label="v2"
              description="Names scopes and proves the code with PKCE. Right for all new apps."
            />
            <Radio value="v1" label="v1" description="Names the resource, as older integrations do." />
          </Stack>
        </Radio.Group>
      )}
      <TextInput
        label="Tenant"
        description="Id or domain. Left empty: found from the environment."
        placeholder="contoso.onmicrosoft.com"
        autoComplete="off"
        spellCheck={false}
        value={draft.tenantId}
        error={errors.tenantId}
        onChange={(event) => change({ tenantId: event.currentTarget.value })}
      />
      <NumberInput
        label="Request timeout (seconds)"
        description="How long the hub waits for the CRM to begin its answer."
        min={requestTimeoutRange.min}
        max={requestTimeoutRange.max}
        allowDecimal={false}
        value={draft.requestTimeoutSeconds}
        error={errors.requestTimeoutSeconds}
        onChange={(requestTimeoutSeconds) => change({ requestTimeoutSeconds })}
      />
    </Disclosure>
  );
}

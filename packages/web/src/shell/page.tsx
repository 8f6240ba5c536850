import { Box, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { type ReactNode, useEffect, useRef } from 'react';
import { useHeadingFocus } from './heading-focus.tsx';

interface PageProps {
  title: string;
  /** Beside the title, e.g. a state. */
  mark?: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page: its heading (and the window's title), what can be done, its content. */
export function Page({ title, mark, description, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const takesFocus = useHeadingFocus();
  useDocumentTitle(`${title} · Latchkey`);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);

  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="md">
        <Box style={{ flex: '1 1 20rem', minWidth: 0 }}>
          <Group gap="sm">
            <Title order={1} ref={heading} tabIndex={-1} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Title>
            {mark}
          </Group>
          {description !== undefined && (
            <Text component="div" c="dimmed" size="sm" mt={4} maw="46rem">
              {description}
            </Text>
          )}
        </Box>
        {actions}
      </Group>
      {children}
    </Stack>
  );
}

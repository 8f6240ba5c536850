import { Box, Center, Container, Paper, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Brand } from './brand.tsx';
import { HubUnreachableBanner } from './hub-unreachable-banner.tsx';

const signedOutWidth = 520;

/** The frame for someone who is not signed in. */
export function SignedOutLayout({ children }: { children: ReactNode }) {
  return (
    <Center mih="100dvh" p="md">
      <Container size={signedOutWidth} w="100%" p={0}>
        <Stack gap="lg">
          <Box component="header">
            <Brand />
          </Box>
          <Box component="main">
            <HubUnreachableBanner />
            <Paper withBorder p={{ base: 'md', sm: 'xl' }}>
              {children}
            </Paper>
          </Box>
        </Stack>
      </Container>
    </Center>
  );
}

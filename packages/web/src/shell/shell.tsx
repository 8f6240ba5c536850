import { AppShell, Burger, Container, Group, Text } from '@mantine/core';
import { useDisclosure, useReducedMotion } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { useHubClient } from '../hub/hub-client-context.tsx';
import { settingsQuery } from '../hub/settings-query.ts';
import { Brand } from './brand.tsx';
import { HubUnreachableBanner } from './hub-unreachable-banner.tsx';
import { Navigation } from './navigation.tsx';
import classes from './shell.module.css';

const headerHeight = 52;
const navigationWidth = 232;
const contentWidth = 1200;
const transitionMilliseconds = 200;

/** The frame around every page of a signed-in person; `account` is what the header shows of this person. */
export function Shell({ account }: { account: ReactNode }) {
  const [opened, { toggle, close }] = useDisclosure(false);
  // Mantine stills its transitions for whoever asks for less motion, but not those of the frame.
  const still = useReducedMotion();
  const settings = useQuery(settingsQuery(useHubClient()));
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [pathname]);

  return (
    <AppShell
      header={{ height: headerHeight }}
      navbar={{ width: navigationWidth, breakpoint: 'sm', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', sm: 'xl' }}
      transitionDuration={still ? 0 : transitionMilliseconds}
      classNames={{ main: classes.main }}
    >
      <a href="#main" className="skip-link">
        Skip to main content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? 'Close navigation' : 'Open navigation'}
              aria-expanded={opened}
            />
            <Brand />
          </Group>
          <Group gap="md" wrap="nowrap">
            {settings.data !== undefined && (
              <Text size="sm" c="dimmed" visibleFrom="xs">
                {settings.data.cloud.title}
              </Text>
            )}
            {account}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Main navigation">
        <Navigation version={settings.data?.version ?? null} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Container size={contentWidth} p={0} mx={0}>
          <HubUnreachableBanner />
          <Outlet />
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

import { Text } from '@mantine/core';
import {
  IconApps,
  IconHeartbeat,
  IconHistory,
  IconKey,
  IconPlugConnected,
  type TablerIcon,
} from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { NavigationLink } from './links.tsx';
import classes from './navigation.module.css';

interface Entry {
  to: '/' | '/registrations' | '/api-keys' | '/keeper' | '/events';
  label: string;
  icon: TablerIcon;
  /** The paths of the pages that belong to it. */
  section: RegExp;
}

const entries: Entry[] = [
  { to: '/', label: 'Connections', icon: IconPlugConnected, section: /^\/(connections\/.*)?$/ },
  { to: '/registrations', label: 'App registrations', icon: IconApps, section: /^\/registrations\b/ },
  { to: '/api-keys', label: 'API keys', icon: IconKey, section: /^\/api-keys\b/ },
  { to: '/keeper', label: 'Keeper', icon: IconHeartbeat, section: /^\/keeper\b/ },
  { to: '/events', label: 'Events', icon: IconHistory, section: /^\/events\b/ },
];

/** The entries of the navigation; the present one is marked for the eye and for a screen reader. */
export function Navigation({ version }: { version: string | null }) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  return (
    <>
      <ul className={classes.list}>
        {entries.map(({ to, label, icon: Icon, section }) => (
          <li key={to}>
            <NavigationLink
              to={to}
              label={label}
              className={classes.link}
              activeOptions={{ exact: true }}
              aria-current={section.test(pathname) ? 'true' : undefined}
              leftSection={<Icon size={18} stroke={1.75} aria-hidden />}
            />
          </li>
        ))}
      </ul>
      {version !== null && (
        <Text size="xs" c="dimmed" mt="auto" px="sm" pb="xs">
          Latchkey {version}
        </Text>
      )}
    </>
  );
}

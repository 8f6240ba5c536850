import { Paper, Text, ThemeIcon } from '@mantine/core';
import { IconAddressBook } from '@tabler/icons-react';
import { TextLink } from '../shell/links.tsx';
import classes from './provider-choice.module.css';

/** What can be connected: one product today. */
export function ProviderChoice() {
  return (
    <ul className={classes.list}>
      <Paper component="li" withBorder p="lg" className={classes.card}>
        <ThemeIcon size={44} variant="light">
          <IconAddressBook size={26} stroke={1.5} aria-hidden />
        </ThemeIcon>
        <div>
          <TextLink
            to="/connections/new"
            search={{ provider: 'dynamics-365' }}
            fw={600}
            className={classes.link}
          >
            Microsoft Dynamics 365 CRM
          </TextLink>
          <Text size="sm" c="dimmed">
            Sales, Service and any Dataverse environment, through its Web API.
          </Text>
        </div>
      </Paper>
    </ul>
  );
}

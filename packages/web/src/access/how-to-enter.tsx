import { Code, List, Text } from '@mantine/core';

/** Where a one-time link comes from. */
export function HowToEnter() {
  return (
    <>
      <Text size="sm">Latchkey is entered by a one-time link. Every start of the hub prints a new one.</Text>
      <List type="ordered" size="sm" spacing="xs" mt="sm">
        <List.Item>
          In the terminal where the hub runs, stop it with Ctrl-C and start it again: <Code>npm start</Code>,
          or <Code>latchkey serve</Code>. Your connections stay as they are.
        </List.Item>
        <List.Item>Open the link that it prints, in this browser.</List.Item>
      </List>
    </>
  );
}

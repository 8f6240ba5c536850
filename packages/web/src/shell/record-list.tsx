import { Paper, Stack, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { FactList } from '../facts/fact-list.tsx';
import { useWideScreen } from './use-wide-screen.ts';

interface Column<Row> {
  header: string;
  /** Null where a row has nothing to say there: left out of its card, empty in the table. */
  cell: (row: Row) => ReactNode;
  /** A number: its digits stand beneath those of other rows. */
  isNumber?: boolean;
}

interface RecordListProps<Row> {
  label: string;
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  /** The first one names the row. */
  columns: readonly [Column<Row>, ...Column<Row>[]];
}

/** Rows as a table, or as cards where a table finds no room. */
export function RecordList<Row>({ label, rows, keyOf, columns }: RecordListProps<Row>) {
  const [name, ...others] = columns;
  if (useWideScreen())
    return (
      <Table aria-label={label} style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ header, isNumber }) => (
              <Table.Th key={header} ta={isNumber ? 'right' : undefined}>
                {header}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={keyOf(row)}>
              {columns.map(({ header, cell, isNumber }) => (
                <Table.Td key={header} ta={isNumber ? 'right' : undefined}>
                  {cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    );
  return (
    <Stack component="ul" aria-label={label} gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
      {rows.map((row) => (
        <Paper component="li" key={keyOf(row)} withBorder p="sm">
          <Stack gap="xs">
            <Text component="div" size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
              {name.cell(row)}
            </Text>
            <FactList facts={others.map(({ header, cell }) => ({ label: header, value: cell(row) }))} />
          </Stack>
        </Paper>
      ))}
    </Stack>
  );
}

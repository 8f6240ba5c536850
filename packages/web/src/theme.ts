import {
  Anchor,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  PasswordInput,
  Table,
} from '@mantine/core';

// Microsoft's Fluent ramps. White on blue 6 is 5.4:1, on red 6 6.0:1; Mantine's own shades stay below 4.5:1.
const blue: MantineColorsTuple = [
  '#ebf3fc',
  '#cfe4fa',
  '#b4d6fa',
  '#96c6fa',
  '#62abf5',
  '#2886de',
  '#0f6cbd',
  '#115ea3',
  '#0f548c',
  '#0c3b5e',
];

const red: MantineColorsTuple = [
  '#fdf3f4',
  '#f9d9dc',
  '#f6d1d5',
  '#eeacb2',
  '#dc626d',
  '#cc2635',
  '#c50f1f',
  '#b10e1c',
  '#960b18',
  '#6e0811',
];

const gray: MantineColorsTuple = [
  '#fafafa',
  '#f5f5f5',
  '#ebebeb',
  '#e0e0e0',
  '#d1d1d1',
  '#8a8a8a',
  '#616161',
  '#424242',
  '#292929',
  '#1a1a1a',
];

const dark: MantineColorsTuple = [
  '#f0f0f0',
  '#d6d6d6',
  '#adadad',
  '#8f8f8f',
  '#525252',
  '#3d3d3d',
  '#2e2e2e',
  '#242424',
  '#1a1a1a',
  '#0f0f0f',
];

export const theme = createTheme({
  colors: { blue, red, gray, dark },
  primaryColor: 'blue',
  primaryShade: { light: 6, dark: 7 },
  black: '#242424',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily:
    '"Segoe UI Variable Text", "Segoe UI", system-ui, -apple-system, BlinkMacSystemFont, Roboto, "Helvetica Neue", Arial, sans-serif',
  fontFamilyMonospace: '"Cascadia Mono", Consolas, ui-monospace, SFMono-Regular, Menlo, monospace',
  headings: {
    fontWeight: '600',
    sizes: { h1: { fontSize: '1.625rem', lineHeight: '1.3' }, h2: { fontSize: '1.0625rem' } },
  },
  components: {
    Anchor: Anchor.extend({ defaultProps: { underline: 'hover' } }),
    Button: Button.extend({ styles: { label: { fontWeight: 600 } } }),
    PasswordInput: PasswordInput.extend({ defaultProps: { autoComplete: 'off', spellCheck: false } }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'sm', highlightOnHover: true } }),
  },
});

/** Where Mantine's own text colours stay below WCAG AA's 4.5:1 on our surfaces. */
export const contrastVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': gray[6],
    '--mantine-color-placeholder': '#707070',
    '--mantine-color-error': red[7],
    '--mantine-color-anchor': blue[7],
    '--latchkey-canvas': gray[0],
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-placeholder': '#9e9e9e',
    '--mantine-color-error': red[3],
    '--mantine-color-anchor': blue[3],
    '--latchkey-canvas': dark[8],
  },
});

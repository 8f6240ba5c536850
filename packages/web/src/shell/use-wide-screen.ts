import { useMediaQuery } from '@mantine/hooks';

/** Whether a table finds room beside the navigation. */
export function useWideScreen(): boolean {
  return useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
}

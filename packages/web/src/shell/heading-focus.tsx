import { useRouterState } from '@tanstack/react-router';
import { createContext, type ReactNode, useContext, useState } from 'react';

const HeadingFocusContext = createContext(false);

/**
 * Tells pages whether their heading takes the focus. The first page does not take it, so that Tab reaches
 * the skip link first; every page after it does, since a browser leaves the focus behind (WCAG 2.4.3).
 */
export function HeadingFocusProvider({ children }: { children: ReactNode }) {
  const pathname = useRouterState({ select: (state) => state.location.pathname });
  const [firstPathname, setFirstPathname] = useState<string | null>(pathname);
  if (firstPathname !== null && firstPathname !== pathname) setFirstPathname(null);
  return <HeadingFocusContext value={firstPathname === null}>{children}</HeadingFocusContext>;
}

export function useHeadingFocus(): boolean {
  return useContext(HeadingFocusContext);
}

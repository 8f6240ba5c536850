import '@mantine/core/styles.css';
import './global.css';
import { createHubClient } from '@latchkey/client';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient } from './hub/create-query-client.ts';
import { HubClientProvider } from './hub/hub-client-context.tsx';
import { createAppRouter } from './routes.tsx';
import { contrastVariables, theme } from './theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root".');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={contrastVariables} defaultColorScheme="auto">
      <QueryClientProvider client={createQueryClient()}>
        <HubClientProvider client={createHubClient({ baseUrl: window.location.origin })}>
          <RouterProvider router={createAppRouter()} />
        </HubClientProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` serves the hub; `vite` passes the API on to it while the UI is worked on. */
const DEVELOPMENT_HUB = 'http://localhost:4480';

/** The styles use `light-dark()`, in all browsers since May 2024; its lowered form can't follow the chosen scheme. */
const BROWSERS_WITH_LIGHT_DARK = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

const toHub = {
  target: DEVELOPMENT_HUB,
  // The hub refuses unsafe calls from any origin but its own.
  headers: { origin: DEVELOPMENT_HUB },
};

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', cssTarget: BROWSERS_WITH_LIGHT_DARK, reportCompressedSize: false },
  server: { proxy: { '/api': toHub, '/sign-in': toHub, '/oauth': toHub } },
});

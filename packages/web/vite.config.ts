import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` serves the hub; `vite` passes the API on to it while the UI is worked on. */
const developmentHub = 'http://localhost:4480';

/** The styles use `light-dark()`, in all browsers since May 2024; its lowered form can't follow the chosen scheme. */
const browsersWithLightDark = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];

const toHub = {
  target: developmentHub,
  // The hub refuses unsafe calls from any origin but its own.
  headers: { origin: developmentHub },
};

export default defineConfig({
  plugins: [react()],
  build: { target: 'es2022', cssTarget: browsersWithLightDark, reportCompressedSize: false },
  server: { proxy: { '/api': toHub, '/sign-in': toHub, '/oauth': toHub } },
});

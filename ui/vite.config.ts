import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The server that `vite ui` (development only) forwards API calls to. */
const API = process.env.MILLRACE_API ?? 'http://127.0.0.1:8080';
const toServer = { target: API, changeOrigin: true };

export default defineConfig({
  plugins: [react()],
  server: { proxy: { '/nifi-api': toServer, '/api': { ...toServer, ws: true } } },
  build: {
    outDir: '../dist/ui',
    emptyOutDir: true,
    // The oldest browsers that know CSS light-dark(); see README.md.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Everything is a file of its own, so that a strict Content-Security-Policy holds.
    assetsInlineLimit: 0,
    // One file of 160 KB (gzipped) arrives sooner than several.
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
});

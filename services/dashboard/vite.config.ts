import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/**
 * The pages, built twice of the same components: for the browser (`vite build`), and for the
 * coordinator, which writes them as HTML before any script runs (`vite build --ssr`).
 */
export default defineConfig(({ isSsrBuild }) => ({
  root: at('.'),
  base: '/assets/',
  plugins: [react()],
  resolve: {
    conditions: isSsrBuild ? ['source', 'node', 'import'] : ['source', 'browser', 'import'],
    alias: isSsrBuild ? {} : { 'node:crypto': at('./src/browser/node-crypto.ts') },
  },
  // One file without packages: the coordinator needs no React of its own.
  ssr: { noExternal: true },
  build: {
    outDir: at(`../../dist/services/dashboard/${isSsrBuild ? 'server' : 'client'}`),
    emptyOutDir: true,
    target: 'es2024',
    manifest: !isSsrBuild,
    // A page's address tells what is in it: CSP allows no inline module.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    assetsDir: '',
    rolldownOptions: isSsrBuild
      ? { input: at('./src/entry-server.tsx') }
      : { input: at('./src/entry-client.tsx') },
  },
}));

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
    conditions: ['source', 'browser', 'import'],
    alias: isSsrBuild ? {} : { 'node:crypto': at('./src/browser/node-crypto.ts') },
  },
  // The server has no bundler's mode of its own: it would take React's slow half.
  define: { 'process.env.NODE_ENV': '"production"' },
  // One file without packages: the coordinator needs no React of its own.
  ssr: { noExternal: true, resolve: { conditions: ['source', 'node', 'import'] } },
  // What verifies, on a thread of its own: loaded when a reader asks for it, and Buffer with it.
  worker: {
    format: 'es',
    rolldownOptions: {
      transform: { inject: { Buffer: [at('./src/browser/buffer.ts'), 'Buffer'] } },
    },
  },
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

import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The built package, as an app would get it from npm.
    alias: [
      { find: /^latchkit$/, replacement: `${dist}/index.js` },
      { find: /^latchkit\/styles\.css$/, replacement: `${dist}/styles.css` },
    ],
  },
  build: { outDir: 'dist', emptyOutDir: true },
});

import { storybookTest } from '@storybook/addon-vitest/vitest-plugin';
import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { existsSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { aliases } from './scripts/aliases.ts';
import { chromiumLaunch } from './scripts/chromium.mjs';

const { source, launchOptions } = await chromiumLaunch();
console.log(`Chromium: ${source}`);

// Made anew for each project: vitest writes names into what it is given.
const browser = () => ({
  enabled: true,
  headless: true,
  provider: playwright({ launchOptions }),
  instances: [{ browser: 'chromium' as const }],
  screenshotFailures: false,
});

export default defineConfig({
  plugins: [react()],
  resolve: { alias: aliases },
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          include: ['src/{protocol,client,testing}/**/*.test.ts'],
          exclude: ['**/*.browser.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'server',
          environment: 'node',
          include: ['src/{server,cli}/**/*.test.ts'],
          testTimeout: 30_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'dom',
          environment: 'jsdom',
          setupFiles: ['test/support/dom-setup.ts'],
          testTimeout: 15_000,
          include: ['src/react/**/*.test.tsx'],
          exclude: ['**/*.{browser,ssr}.test.tsx'],
        },
      },
      { extends: true, test: { name: 'ssr', environment: 'node', include: ['src/react/**/*.ssr.test.tsx'] } },
      { extends: true, test: { name: 'browser', include: ['src/**/*.browser.test.{ts,tsx}'], browser: browser() } },
      ...(existsSync('.storybook/main.ts')
        ? [
            {
              extends: true as const,
              plugins: [storybookTest({ configDir: '.storybook' })],
              test: { name: 'stories', browser: browser() },
            },
          ]
        : []),
      {
        extends: true,
        test: {
          name: 'whole',
          environment: 'node',
          include: ['test/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 240_000,
          fileParallelism: false,
        },
      },
    ],
  },
});

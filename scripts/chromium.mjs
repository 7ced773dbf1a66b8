// Finds a Chromium for the browser tests without downloading one from outside the package registries.
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';

const SYSTEM = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  ],
};

const REMEDY = `No Chromium was found for the browser tests. Do one of these, then run the command again:
  - install one:        apt-get install -y chromium   (or Google Chrome)
  - let Playwright:     npx playwright install --with-deps chromium
  - name one:           LATCHKIT_CHROMIUM=/path/to/chromium`;

/** Switches that keep a test browser quiet: no updates, no sync, nothing asked of the outside. */
const ARGS = [
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-gpu',
];

/** The Chromium inside the npm package `@sparticuz/chromium`; it brings its own NSS where the system has none. */
async function fromNpm() {
  const dir = resolve('node_modules/.cache/chromium');
  mkdirSync(dir, { recursive: true });
  const saved = process.env.TMPDIR;
  process.env.TMPDIR = dir; // the package unpacks into os.tmpdir()
  try {
    const { default: chromium, inflate } = await import('@sparticuz/chromium');
    const executablePath = await chromium.executablePath();
    const hasNss = existsSync('/usr/lib/x86_64-linux-gnu/libnss3.so');
    if (hasNss) return { source: 'npm @sparticuz/chromium', executablePath };
    await inflate(resolve('node_modules/@sparticuz/chromium/bin/al2023.tar.br'));
    return {
      source: 'npm @sparticuz/chromium',
      executablePath,
      env: { LD_LIBRARY_PATH: join(dir, 'al2023', 'lib') },
    };
  } finally {
    if (saved === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = saved;
  }
}

/**
 * In this order: an environment variable, Playwright's own if it is there, the system's, npm's.
 * @returns {Promise<{ source: string, executablePath?: string, env?: Record<string, string> }>}
 */
async function resolveChromium() {
  for (const name of ['LATCHKIT_CHROMIUM', 'CHROME_PATH']) {
    const path = process.env[name];
    if (!path) continue;
    if (!existsSync(path)) throw new Error(`${name} names no file: ${path}`);
    return { source: name, executablePath: path };
  }
  const { chromium } = await import('playwright');
  if (existsSync(chromium.executablePath())) return { source: 'playwright' };
  const system = SYSTEM[process.platform]?.find((path) => existsSync(path));
  if (system) return { source: system, executablePath: system };
  if (process.platform === 'linux' && process.arch === 'x64') return fromNpm();
  throw new Error(REMEDY);
}

/** What Playwright's `launch` wants, and where the browser came from. */
export async function chromiumLaunch() {
  const found = await resolveChromium();
  return {
    source: found.source,
    launchOptions: {
      ...(found.executablePath && { executablePath: found.executablePath }),
      ...(found.env && { env: { ...process.env, ...found.env } }),
      args: ARGS,
      chromiumSandbox: false, // Chromium refuses its sandbox to root, which containers and CI often are
    },
  };
}

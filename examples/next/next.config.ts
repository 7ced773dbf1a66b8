import type { NextConfig } from 'next';

const config: NextConfig = {
  // Written for Node and started outside of Next (server.ts): nothing of it is to be bundled.
  serverExternalPackages: ['latchkit/server'],
};

export default config;

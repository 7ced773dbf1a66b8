/** The rooms of src/ and who may import whom. Each rule says why. */
const room = (name) => `^src/${name}/`;
const only = (name, comment, from, allowed) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: '(\\.test(-d)?\\.tsx?|/test-fixtures\\.tsx?)$' },
  to: { path: '^src/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    only('protocol-imports-nothing', 'Both halves stand on it; it must run anywhere.', room('protocol'), []),
    only('client-imports-protocol', 'It knows no React and no server, so that any app can use it.', room('client'), [
      room('protocol'),
    ]),
    only(
      'backends-are-users-of-the-client',
      'Each is an entry of its own, built beside the client: what it takes from a file of it, a page would load twice.',
      '^src/client/backends/(ai-sdk|ag-ui|openai-chatkit|turns)/',
      ['^src/(client|protocol|protocol/answers)/index\\.ts$'],
    ),
    {
      name: 'nothing-imports-a-backend',
      comment: 'They are entries of their own: no app pays for a protocol that it does not speak.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/client/backends/(ai-sdk|ag-ui|openai-chatkit|turns)/' },
      to: { path: '^src/client/backends/(ai-sdk|ag-ui|openai-chatkit|turns)/' },
    },
    only(
      'react-imports-client',
      'React reaches the client only by its index: what is inside may move.',
      '^src/react/(?!devtools/)',
      ['^src/client/index\\.ts$', '^src/protocol/(markdown/)?index\\.ts$'],
    ),
    only(
      'devtools-are-a-user',
      'Devtools stand on the public surface, as an app would, so they share its one ChatContext.',
      room('react/devtools'),
      ['^src/index\\.ts$', '^src/(client|protocol)/index\\.ts$'],
    ),
    {
      name: 'nothing-imports-devtools',
      comment: 'They are an entry of their own: no app pays for what only its developer sees.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/react/devtools/' },
      to: { path: '^src/react/devtools/' },
    },
    only('server-imports-protocol', 'No browser code on the server: no React, no client.', room('server'), [
      '^src/protocol/((answers|markdown)/)?index\\.ts$',
    ]),
    only('cli-imports-server', 'The command is a user of the server.', room('cli'), [
      '^src/server/index\\.ts$',
      '^src/protocol/index\\.ts$',
    ]),
    only('testing-imports-indexes', 'Fakes stand on the public surface, as an app’s own would.', room('testing'), [
      '^src/(client|server|protocol|protocol/answers)/index\\.ts$',
    ]),
    {
      name: 'token-is-edge-safe',
      comment: 'latchkit/token runs on edge runtimes: Web APIs and jose, nothing of Node, no storage.',
      severity: 'error',
      from: { path: '^src/server/token/', pathNot: '\\.test\\.ts$' },
      to: {
        pathNot: ['^src/server/token/', '^src/server/types\\.ts$', '^src/protocol/', 'node_modules/(jose|valibot)/'],
      },
    },
    {
      name: 'no-node-in-the-browser',
      comment: 'These rooms run in browsers.',
      severity: 'error',
      from: { path: '^src/(protocol|client|react)/', pathNot: '\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-circular',
      comment: 'A cycle means that two files are one thing, or that a third is missing.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-dev-dependency-in-src',
      comment: 'What src imports must reach the people who install it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.(test|test-d)\\.tsx?$|conformance\\.ts$|/test-fixtures\\.tsx?$' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm-peer', 'type-only'] },
    },
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|storybook-static)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types', 'default'] },
  },
};

/** Fakes for an app's own tests and stories: a backend in memory, tokens signed by nobody, time and sockets in the test's hand. */
export { createFakeBackend } from './createFakeBackend.ts';
export { createFakeFetchToken, createFakeToken } from './createFakeToken.ts';
export type { FakeFetchTokenOptions, FakeTokenOptions } from './createFakeToken.ts';
export type {
  FakeAnswer,
  FakeBackend,
  FakeBackendOptions,
  FakeFault,
  FakeLine,
  FakeMessage,
  FakeRequest,
  FakeRequestName,
  FakeThread,
  FakeUser,
} from './fake-types.ts';
export { FakeClock } from './FakeClock.ts';
export type { FakeClockOptions } from './FakeClock.ts';
export { FakeTab, FakeTabs } from './FakeTabs.ts';
export type { FakeTabsOptions } from './FakeTabs.ts';
export { createScriptedEventStreams, ScriptedEventStream } from './ScriptedEventStream.ts';
export type { ScriptedEventStreams, ScriptedPost } from './ScriptedEventStream.ts';
export { createScriptedSockets, ScriptedSocket } from './ScriptedSocket.ts';
export type { ScriptedSockets } from './ScriptedSocket.ts';
export { createFakeMessage } from './createFakeMessage.ts';
export type { FakeMessageOptions } from './createFakeMessage.ts';
export { backendConformance } from './conformance/backendConformance.ts';
export type { ConformanceCase, ConformanceChapter, ConformanceOptions, ConformanceStage } from './conformance/types.ts';

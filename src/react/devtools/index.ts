/** For developers: what the token and the connection of a chat are doing, in a panel at a corner of the page. */
export { ChatTokenDevtools } from './ChatTokenDevtools.tsx';
export type { ChatTokenDevtoolsProps, DevtoolsPosition } from './ChatTokenDevtools.tsx';

import { perClient } from './per-client.ts';

/** The id of the message that is being edited in a place (a thread, or a panel of replies), or null. One at a time. */
export const editingOf = /* @__PURE__ */ perClient<string>();

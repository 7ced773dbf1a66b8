import { lazyPart } from '../../parts/lazy-part.tsx';

/** What few people open, and nobody at first. */
export const newThreadPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./NewThreadDialog.tsx')).NewThreadDialog,
);
export const renamePart = /* @__PURE__ */ lazyPart(async () => (await import('./RenameDialog.tsx')).RenameDialog);
export const leavePart = /* @__PURE__ */ lazyPart(async () => (await import('./LeaveDialog.tsx')).LeaveDialog);
export const deletePart = /* @__PURE__ */ lazyPart(async () => (await import('./DeleteDialog.tsx')).DeleteDialog);
export const membersPart = /* @__PURE__ */ lazyPart(async () => (await import('./MembersDialog.tsx')).MembersDialog);

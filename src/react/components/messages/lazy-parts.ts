import { lazyPart } from '../parts/lazy-part.tsx';

/** Lays out a long list. Until it is there, the newest rows stand as they do in a server's markup. */
export const virtualRowsPart = /* @__PURE__ */ lazyPart(async () => (await import('./VirtualRows.tsx')).VirtualRows);

/** What a message needs only once somebody does something with it. */
/** An assistant's answer: loaded with the first one. */
export const answerPart = /* @__PURE__ */ lazyPart(async () => (await import('../answers/AnswerBody.tsx')).AnswerBody);

/** What is behind a link: loaded with the first message that has some of it. */
export const previewPart = /* @__PURE__ */ lazyPart(async () => (await import('./LinkPreview.tsx')).LinkPreview);

export const menuPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessageMenu.tsx')).MessageMenu);
export const pickerPart = /* @__PURE__ */ lazyPart(async () => (await import('./ReactionPicker.tsx')).ReactionPicker);
export const editorPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessageEditor.tsx')).MessageEditor);

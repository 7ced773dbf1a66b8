import { lazyPart, markupLoader, markupPart } from '../parts/lazy-part.tsx';

/** An assistant's answer: loaded with the first one. */
export const answerPart = /* @__PURE__ */ lazyPart(async () => (await import('../answers/AnswerBody.tsx')).AnswerBody);

/** Fetches what shows answers, and has it run once: the first words of the first one wait for nothing then. Safe to call often. */
export function preloadAnswers(): void {
  answerPart.preload();
  import('../../markdown/rehearse.ts').then(({ rehearse }) => rehearse()).catch(() => {}); // Loaded with the first answer, then.
}

/** What is behind a link: loaded with the first message that has some of it. */
export const previewPart = /* @__PURE__ */ lazyPart(async () => (await import('./LinkPreview.tsx')).LinkPreview);

/** What some messages have. A list whose messages do waits for them, so that nothing moves when they come. */
export const someParts = /* @__PURE__ */ markupLoader(() => import('./some-parts.ts'));
export const LazyEvent = /* @__PURE__ */ markupPart(someParts, (parts) => parts.SystemMessage);
export const LazyFile = /* @__PURE__ */ markupPart(someParts, (parts) => parts.MessageFile);
export const LazyQuote = /* @__PURE__ */ markupPart(someParts, (parts) => parts.MessageQuote);
export const LazyReactions = /* @__PURE__ */ markupPart(someParts, (parts) => parts.MessageReactions);

/** What a message needs only once somebody does something with it. */
export const menuPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessageMenu.tsx')).MessageMenu);
export const pickerPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessagePicker.tsx')).MessagePicker);
export const editorPart = /* @__PURE__ */ lazyPart(async () => (await import('./MessageEditor.tsx')).MessageEditor);

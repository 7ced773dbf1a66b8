import { useCallback, useRef, useState, type ComponentType, type ReactNode } from 'react';
import {
  ChatError,
  type DataPart,
  type Message,
  type MessagePart,
  type ReasoningPart,
  type TextPart,
} from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { useMayRetry } from './useMayRetry.ts';
import { useAnswerParts, useGrowingText } from '../../hooks/useAnswerParts.ts';
import { useIsHydrating } from '../../hooks/useIsHydrating.ts';
import { useIsomorphicLayoutEffect } from '../../hooks/useIsomorphicLayoutEffect.ts';
import { useStable } from '../../hooks/useStable.ts';
import { GrowingMarkdown } from '../../markdown/GrowingMarkdown.tsx';
import { GrowingView } from '../../markdown/GrowingView.ts';
import { Markdown } from '../../markdown/Markdown.tsx';
import { errorText } from '../../strings.ts';
import { useOnWords } from '../messages/ListRow.tsx';
import type { MessageFileProps } from '../types.ts';
import { AnswerActions } from './AnswerActions.tsx';
import { answerFileOf } from './answer-file.ts';
import { AttemptPager } from './AttemptPager.tsx';
import { AnswerSources } from './AnswerSources.tsx';
import { citedText } from './Citation.tsx';
import { sourcesOf, type Source } from './source.ts';
import { ToolCall } from './ToolCall.tsx';
import { lazyPart } from '../parts/lazy-part.tsx';

/** Loaded with the first of each. */
const questionsPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./widgets/ChatKitQuestions.tsx')).ChatKitQuestions,
);
const workflowPart = /* @__PURE__ */ lazyPart(
  async () => (await import('./widgets/ChatKitWorkflow.tsx')).ChatKitWorkflow,
);
const taskPart = /* @__PURE__ */ lazyPart(async () => (await import('./widgets/ChatKitWorkflow.tsx')).ChatKitTask);
const widgetPart = /* @__PURE__ */ lazyPart(async () => (await import('./widgets/ChatKitWidget.tsx')).ChatKitWidget);

interface AnswerBodyProps {
  message: Message;
  mayAct: boolean;
  /** Shows a file, as in any message. */
  File: ComponentType<MessageFileProps>;
}

/**
 * An assistant's answer, as it grows and as it is: text, reasoning, what tools did, sources, and what the app shows itself. Spoken at its
 * beginning and its end and at no word between.
 */
export function AnswerBody({ message, mayAct, File }: AnswerBodyProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  const newest = useAnswerParts(message);
  const attempts = message.attempts ?? [];
  const [paged, setPaged] = useState<{ run: number | undefined; at: number } | null>(null);
  // Whoever pages back is brought to the next attempt when that begins.
  const at = paged?.run === message.answer?.run ? Math.min(paged?.at ?? 0, attempts.length) : attempts.length;
  const earlier = attempts[at];
  const parts = earlier?.parts ?? newest;
  const streaming = message.answer?.status === 'streaming' && !earlier;
  const shown = useRef<HTMLDivElement>(null);
  // Only who saw it grow is told that it is there.
  const [grew, setGrew] = useState(streaming);
  if (streaming && !grew) setGrew(true);
  // The same while none comes: finished blocks are not rendered for each word.
  const sources = useStable(sourcesOf(parts));
  const last = parts.at(-1);
  const isSilent = last === undefined || (last.type !== 'text' && last.type !== 'reasoning') || last.text === '';
  return (
    <div className="lk-answer" data-status={message.answer?.status}>
      {earlier && <p className="lk-answer-asked">{strings.answerAsked(earlier.question)}</p>}
      <div ref={shown} className="lk-answer-parts" aria-live={streaming ? 'off' : undefined} aria-busy={streaming}>
        {parts.map((part, index) => (
          // A part keeps its place for as long as the answer grows.
          <AnswerPart
            key={index}
            part={part}
            index={index}
            message={message}
            sources={sources}
            streaming={streaming}
            mayAct={mayAct}
            File={File}
          />
        ))}
        {streaming && isSilent && (
          <p className="lk-thinking" aria-hidden="true">
            <span className="lk-thinking-dots" />
            {strings.answerThinking}
          </p>
        )}
        <AnswerSources sources={sources} />
      </div>
      {!earlier && <AnswerEnd message={message} mayAct={mayAct} />}
      {!streaming && (
        <div className="lk-answer-foot">
          {attempts.length > 0 && (
            <AttemptPager
              at={at}
              count={attempts.length + 1}
              onGo={(next) => setPaged({ run: message.answer?.run, at: next })}
            />
          )}
          {!earlier && <AnswerActions message={message} mayAct={mayAct} shown={shown} />}
        </div>
      )}
      <span className="lk-hidden" role="status">
        {streaming ? strings.answerThinking : grew ? strings.answerDone : ''}
      </span>
    </div>
  );
}

interface AnswerPartProps extends Pick<AnswerBodyProps, 'message' | 'mayAct' | 'File'> {
  part: MessagePart;
  /** Its place in the answer. */
  index: number;
  sources: readonly Source[];
  streaming: boolean;
}

function AnswerPart(props: AnswerPartProps): ReactNode {
  const { part, message, mayAct, streaming, File } = props;
  const { parts: renderers, strings } = useChatContext('<MessageItem>');
  const Own = renderers?.[part.type as DataPart['type']];
  if (Own) return <Own part={part} message={message} />;
  if (part.type === 'text' || part.type === 'reasoning') return <AnswerText {...props} part={part} />;
  if (part.type === 'data-chatkit-widget') return <widgetPart.Part part={part} message={message} mayAct={mayAct} />;
  if (part.type === 'data-chatkit-structured-input')
    return <questionsPart.Part part={part} message={message} mayAct={mayAct} />;
  if (part.type === 'data-chatkit-workflow') return <workflowPart.Part part={part} message={message} />;
  if (part.type === 'data-chatkit-task') return <taskPart.Part part={part} message={message} />;
  const file = answerFileOf(part, strings);
  if (file) return <File part={file} threadId={message.threadId} />;
  if ('toolCallId' in part) {
    return <ToolCall part={part} message={message} mayAct={mayAct} streaming={streaming} />;
  }
  return null;
}

function AnswerText({
  part,
  index,
  message,
  sources,
  streaming,
}: AnswerPartProps & { part: TextPart | ReasoningPart }): ReactNode {
  const { strings, links } = useChatContext('<MessageItem>');
  const onWords = useOnWords();
  const words = useCallback((text: string) => citedText(text, sources), [sources]);
  const growing = streaming && part.state === 'streaming';
  const isHydrating = useIsHydrating();
  // What grew on this page stays as it was drawn.
  const [view] = useState(() => (growing && !isHydrating ? new GrowingView() : null));
  const write = useCallback(
    (next: string) => {
      const isWritten = view?.write(next) ?? false;
      if (isWritten) onWords?.();
      return isWritten;
    },
    [view, onWords],
  );
  const text = useGrowingText(message, index, growing, write) ?? part.text;
  // With the words and not after them: a page that is laid out for these is laid out once.
  useIsomorphicLayoutEffect(() => {
    if (growing) onWords?.();
  }, [growing, text, onWords]);
  if (text === '') return null;
  const props = { text, streaming: growing, words, policy: links, strings };
  const content = view ? (
    <GrowingMarkdown {...props} view={view} onPortals={onWords} className="lk-content" />
  ) : (
    <div className="lk-content" dir="auto">
      <Markdown {...props} />
    </div>
  );
  if (part.type === 'text') return content;
  return (
    <details className="lk-reasoning">
      <summary>{strings.reasoning}</summary>
      {content}
    </details>
  );
}

/** How it ended, where that needs a word. */
function AnswerEnd({ message, mayAct }: { message: Message; mayAct: boolean }): ReactNode {
  const { client, strings } = useChatContext('<MessageItem>');
  const { id, threadId, answer } = message;
  const mayRetry = useMayRetry(threadId) && mayAct;
  if (answer?.status !== 'failed' && answer?.status !== 'stopped') return null;
  const text = answer.error && errorText(strings, ChatError.fromWire(answer.error));
  const retry = () =>
    void client
      ?.thread(threadId)
      .retryAnswer(id)
      .catch(() => {});
  return (
    <p className="lk-answer-end" data-status={answer.status}>
      <span>{answer.status === 'stopped' ? strings.answerStopped : (text?.what ?? strings.answerFailed)}</span>
      {mayRetry && (
        <button type="button" className="lk-link" onClick={retry}>
          {strings.retry}
        </button>
      )}
    </p>
  );
}

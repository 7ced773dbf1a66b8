import Check from 'lucide/dist/esm/icons/check.mjs';
import { useState, type MouseEvent, type ReactNode } from 'react';
import type { DataPart, Message } from '../../../../protocol/index.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { Markdown } from '../../../markdown/Markdown.tsx';
import type { ChatStrings } from '../../../strings/types.ts';
import { Icon } from '../../parts/Icon.tsx';
import { shownSource } from '../source.ts';
import { formatDuration } from './format-duration.ts';
import { iconPart } from './lazy-components.ts';
import { isNode, isRecord, textOf, type WidgetNode } from './widget-node.ts';

interface ChatKitWorkflowProps {
  part: DataPart;
  message: Message;
}

/** What a ChatKit server is at, step by step: opened and closed as the server says, until the person says so. */
export function ChatKitWorkflow({ part, message }: ChatKitWorkflowProps): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const [chosen, setChosen] = useState<boolean | null>(null);
  const { workflow } = isRecord(part.data) ? part.data : {};
  if (!isRecord(workflow)) return null;
  const tasks = (Array.isArray(workflow.tasks) ? workflow.tasks : []).filter(isNode);
  const summary = isRecord(workflow.summary) ? workflow.summary : {};
  // What an answer that ended left unfinished, nobody works at any more.
  const growing = message.answer?.status === 'streaming';
  const isOver = !growing || isRecord(workflow.summary);
  const isOpen = chosen ?? workflow.expanded === true;
  const toggle = (event: MouseEvent) => {
    event.preventDefault();
    setChosen(!isOpen);
  };
  const words = { isThought: workflow.type === 'reasoning', isOver, tasks, summary };
  return (
    <details className="lk-steps" open={isOpen} data-state={isOver ? 'complete' : 'loading'}>
      <summary onClick={toggle}>
        {summary.icon !== undefined && <iconPart.Part name={summary.icon} size="sm" />}
        <span dir="auto">{nameOf(words, strings, locale)}</span>
        {!isOver && <span className="lk-thinking-dots" />}
      </summary>
      <ol role="list">
        {tasks.map((task, index) => (
          <li key={index} className="lk-step" data-state={stateOf(task, growing)}>
            <Task task={task} growing={growing} />
          </li>
        ))}
      </ol>
    </details>
  );
}

/** A task that is part of no workflow. */
export function ChatKitTask({ part, message }: ChatKitWorkflowProps): ReactNode {
  const { task } = isRecord(part.data) ? part.data : {};
  if (!isNode(task)) return null;
  const growing = message.answer?.status === 'streaming';
  return (
    <div className="lk-step" data-state={stateOf(task, growing)}>
      <Task task={task} growing={growing} />
    </div>
  );
}

interface Words {
  isThought: boolean;
  isOver: boolean;
  tasks: readonly WidgetNode[];
  summary: Record<string, unknown>;
}

function nameOf(
  { isThought, isOver, tasks, summary }: Words,
  strings: ChatStrings,
  locale: string | undefined,
): string {
  const { title, duration } = summary;
  if (textOf(title) !== '') return textOf(title);
  if (typeof duration === 'number' && duration >= 0 && Number.isFinite(duration)) {
    const time = formatDuration(Math.round(duration), locale);
    return isThought ? strings.answerThoughtFor(time) : strings.answerWorkedFor(time);
  }
  if (isOver) return isThought ? strings.reasoning : strings.answerSteps;
  const task = tasks.findLast((each) => each.status_indicator === 'loading') ?? tasks.at(-1);
  return textOf(task?.title) || (isThought ? strings.answerThinking : strings.answerWorking);
}

type TaskState = 'none' | 'loading' | 'complete';

function stateOf({ status_indicator: state }: WidgetNode, growing: boolean): TaskState {
  if (state === 'complete') return state;
  return state === 'loading' && growing ? state : 'none';
}

const ICONS: Record<string, string> = {
  web_search: 'search',
  thought: 'lightbulb',
  file: 'document',
  image: 'square-image',
};

function Task({ task, growing }: { task: WidgetNode; growing: boolean }): ReactNode {
  const { strings, links } = useChatContext('<MessageItem>');
  const state = stateOf(task, growing);
  const names: Record<string, string> = {
    web_search: strings.taskSearch,
    thought: strings.reasoning,
    file: strings.taskFiles,
    image: strings.taskPicture,
  };
  const own = Object.hasOwn(names, task.type)
    ? { icon: ICONS[task.type], name: names[task.type] }
    : { icon: task.icon };
  const [title, query, content] = [textOf(task.title) || own.name, textOf(task.title_query), textOf(task.content)];
  const queries = (Array.isArray(task.queries) ? task.queries : []).map(textOf).filter((each) => each !== '');
  const sources = (Array.isArray(task.sources) ? task.sources : []).filter(isRecord);
  return (
    <>
      <span className="lk-step-head">
        {own.icon !== undefined && <iconPart.Part name={own.icon} size="sm" />}
        <span dir="auto">{title}</span>
        {query !== '' && (
          <span className="lk-step-query" dir="auto">
            {query}
          </span>
        )}
        {state === 'loading' && <span className="lk-thinking-dots" />}
        {state === 'complete' && <Icon of={Check} size={14} />}
        {state !== 'none' && (
          <span className="lk-hidden">{state === 'loading' ? strings.taskRunning : strings.taskDone}</span>
        )}
      </span>
      {content !== '' && (
        <div className="lk-content" dir="auto">
          <Markdown text={content} streaming={state === 'loading'} policy={links} strings={strings} />
        </div>
      )}
      {queries.length + sources.length > 0 && (
        <ul className="lk-step-finds" role="list">
          {queries.map((each, index) => (
            <li key={`q${index}`} dir="auto">
              {each}
            </li>
          ))}
          {sources.map((source, index) => (
            <li key={`s${index}`} dir="auto">
              <Find source={source} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** What a search or a look through files came upon. */
function Find({ source }: { source: Record<string, unknown> }): ReactNode {
  const { links } = useChatContext('<MessageItem>');
  const [url, title] = [textOf(source.url), textOf(source.title) || textOf(source.filename)];
  if (url === '') return title;
  const shown = shownSource({ type: 'source-url', sourceId: '', url, ...(title !== '' && { title }) }, links);
  if (!shown.link) return shown.title;
  return (
    <a href={shown.link.href} title={shown.link.href} target="_blank" rel="noopener noreferrer nofollow">
      {shown.title}
    </a>
  );
}

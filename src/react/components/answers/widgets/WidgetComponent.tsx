import type { ReactNode, SubmitEvent } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { allowedImage, allowedLink } from '../../../markdown/link-policy.ts';
import { Markdown } from '../../../markdown/Markdown.tsx';
import { chartPart, iconPart } from './lazy-components.ts';
import { WidgetButton, WidgetField } from './WidgetField.tsx';
import { layoutOf, linesOf } from './widget-layout.ts';
import { WidgetList, WidgetListItem } from './WidgetList.tsx';
import { WidgetStatus } from './WidgetStatus.tsx';
import { useWidget } from './WidgetContext.ts';
import { actionOf, childrenOf, fieldsOf, isRecord, textOf, withFields, type WidgetNode } from './widget-node.ts';

/** A tree that goes deeper was not written for people. */
const MAX_DEPTH = 24;

interface NodeProps {
  node: WidgetNode;
  depth?: number;
  /** One form does not stand within another. */
  inForm?: boolean;
}

/** One component of a widget, with those in it. Sizes and colours are the kit's own: a widget fits every theme. */
export function WidgetComponent({ node, depth = 0, inForm = false }: NodeProps): ReactNode {
  const { strings } = useChatContext('<MessageItem>');
  if (depth > MAX_DEPTH) return null;
  const inner = (within = inForm) =>
    childrenOf(node).map((child, index) => (
      <WidgetComponent
        key={textOf(child.key) || textOf(child.id) || index}
        node={child}
        depth={depth + 1}
        inForm={within}
      />
    ));
  switch (node.type) {
    case 'Card':
      return <WidgetCard node={node} inner={inner} inForm={inForm} />;
    case 'Form':
      if (inForm) return <div className="lk-widget-col">{inner()}</div>;
      return (
        <WidgetForm action={node.onSubmitAction} direction={node.direction}>
          {inner(true)}
        </WidgetForm>
      );
    case 'Basic':
    case 'Col':
    case 'Box':
    case 'Transition':
      return (
        <div className={node.direction === 'row' ? 'lk-widget-row' : 'lk-widget-col'} style={layoutOf(node)}>
          {inner()}
        </div>
      );
    case 'Row':
      return (
        <div className="lk-widget-row" style={layoutOf(node)}>
          {inner()}
        </div>
      );
    case 'ListView':
      return <WidgetList node={node} items={inner()} />;
    case 'ListViewItem':
      return <WidgetListItem node={node}>{inner()}</WidgetListItem>;
    case 'Spacer':
      return <span className="lk-widget-spacer" />;
    case 'Divider':
      return <hr className="lk-widget-divider" />;
    case 'Text':
    case 'Title':
    case 'Caption':
      return (
        <span
          className="lk-widget-text"
          data-kind={node.type.toLowerCase()}
          data-weight={textOf(node.weight)}
          style={linesOf(node)}
          dir="auto"
        >
          {textOf(node.value)}
        </span>
      );
    case 'Markdown':
      return <WidgetMarkdown node={node} />;
    case 'Badge':
      return (
        <span className="lk-widget-badge" data-color={textOf(node.color)} dir="auto">
          {textOf(node.label)}
        </span>
      );
    case 'Image':
      return <WidgetImage node={node} />;
    case 'Icon':
      return <iconPart.Part name={node.name} size={node.size} color={node.color} />;
    case 'Chart':
      return <chartPart.Part node={node} />;
    case 'Button':
      return <WidgetButton node={node} inForm={inForm} />;
    case 'Label':
    case 'Input':
    case 'Textarea':
    case 'Select':
    case 'Checkbox':
    case 'RadioGroup':
    case 'DatePicker':
      return <WidgetField node={node} />;
    default:
      return <span className="lk-widget-note">{strings.widgetUnknown}</span>;
  }
}

interface CardProps {
  node: WidgetNode;
  inner: (inForm?: boolean) => ReactNode[];
  inForm: boolean;
}

function WidgetCard({ node, inner, inForm }: CardProps): ReactNode {
  const { status, confirm, cancel, asForm, collapsed } = node as Record<string, unknown>;
  const isForm = asForm === true && !inForm;
  // Closed, it is what stands above it: without that, there is nothing to open it by.
  const isClosed = collapsed === true && isRecord(status) && textOf(status.text) !== '';
  const ends = [
    { end: cancel, isMain: false },
    { end: confirm, isMain: true },
  ].flatMap(({ end, isMain }) => {
    if (!isRecord(end) || !actionOf(end.action)) return [];
    const button = { type: 'Button', label: end.label, style: isMain ? 'primary' : 'secondary' };
    return [isForm && isMain ? { ...button, submit: true } : { ...button, onClickAction: end.action }];
  });
  const content = (
    <>
      {!isClosed && <WidgetStatus status={status} />}
      {inner(isForm || inForm)}
      {ends.length > 0 && (
        <div className="lk-widget-row lk-widget-ends">
          {ends.map((end) => (
            <WidgetButton key={end.style} node={end} inForm={isForm || inForm} />
          ))}
        </div>
      )}
    </>
  );
  if (isClosed) {
    return (
      <details className="lk-widget-card">
        <summary>
          <WidgetStatus status={status} />
        </summary>
        <div className="lk-widget-col">{content}</div>
      </details>
    );
  }
  return (
    <div className="lk-widget-card">
      {isForm ? <WidgetForm action={isRecord(confirm) ? confirm.action : undefined}>{content}</WidgetForm> : content}
    </div>
  );
}

function WidgetForm({
  action: given,
  direction,
  children,
}: {
  action: unknown;
  direction?: unknown;
  children: ReactNode;
}): ReactNode {
  const { act, isOff } = useWidget();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const action = actionOf(given);
    if (action && !isOff) act(withFields(action, fieldsOf(event.currentTarget)));
  };
  return (
    <form className={direction === 'row' ? 'lk-widget-row' : 'lk-widget-col'} onSubmit={submit}>
      {children}
    </form>
  );
}

function WidgetMarkdown({ node }: { node: WidgetNode }): ReactNode {
  const { strings, links } = useChatContext('<MessageItem>');
  return (
    <div className="lk-content" dir="auto">
      <Markdown text={textOf(node.value)} policy={links} strings={strings} />
    </div>
  );
}

/** A picture of a host that the app allows; of any other, a link, as in a text. */
function WidgetImage({ node }: { node: WidgetNode }): ReactNode {
  const { policy } = useWidget();
  const [address, alt] = [textOf(node.src), textOf(node.alt)];
  const src = allowedImage(address, policy);
  if (src !== null) {
    const width = [node.size, node.width].find((each) => typeof each === 'number');
    return <img className="lk-widget-image" src={src} alt={alt} width={width} loading="lazy" decoding="async" />;
  }
  const href = allowedLink(address, policy);
  if (href === null) return alt === '' ? null : <span className="lk-widget-text">{alt}</span>;
  return (
    <a className="lk-widget-text" dir="auto" href={href} target="_blank" rel="noopener noreferrer nofollow">
      {alt || href}
    </a>
  );
}

import { memo, useRef, useSyncExternalStore, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useIsomorphicLayoutEffect } from '../hooks/useIsomorphicLayoutEffect.ts';
import type { GrowingView } from './GrowingView.ts';
import { MarkdownProvider, type MarkdownProps } from './MarkdownContext.ts';
import type { Portal, Portals } from './Portals.ts';
import { useMarkdownBlocks, useMarkdownValue } from './useMarkdownBlocks.ts';

interface GrowingMarkdownProps {
  view: GrowingView;
  className: string;
  /** Called when React has rendered components into what was drawn, and before that is painted: it may have another height now. */
  onPortals: (() => void) | null;
}

/** A text that began to grow on this page, in an element of its own: what {@link Markdown} shows of it, and drawn by its view. */
export function GrowingMarkdown({
  view,
  className,
  onPortals,
  ...props
}: MarkdownProps & GrowingMarkdownProps): ReactNode {
  const root = useRef<HTMLDivElement>(null);
  const blocks = useMarkdownBlocks(props);
  const context = useMarkdownValue(props);
  const { text, streaming = false } = props;
  useIsomorphicLayoutEffect(() => view.show(root.current!, { blocks, context, text, streaming }));
  return (
    <>
      <div ref={root} className={className} dir="auto" />
      <MarkdownProvider value={context}>
        <PortalGroups of={view.portals} onRendered={onPortals} />
      </MarkdownProvider>
    </>
  );
}

function PortalGroups({ of, onRendered }: { of: Portals; onRendered: (() => void) | null }): ReactNode {
  const groups = useSyncExternalStore(of.subscribe, of.get, of.get);
  useIsomorphicLayoutEffect(() => {
    if (groups.length > 0) onRendered?.();
  }, [groups, onRendered]);
  return groups.map((group, index) => <PortalGroup key={index} portals={group} />);
}

const PortalGroup = /* @__PURE__ */ memo(function PortalGroup({ portals }: { portals: readonly Portal[] }): ReactNode {
  return portals.map(({ key, element, children }) => createPortal(children, element, String(key)));
});

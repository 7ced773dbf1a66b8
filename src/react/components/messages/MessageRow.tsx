import { memo } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { MessageItem } from './MessageItem.tsx';
import { LazyEvent } from './lazy-parts.ts';
import type { MessageItemProps } from '../types.ts';

/** A message of the list, rendered again only when something about it changes, also where the app replaced the item. */
export const MessageRow = /* @__PURE__ */ memo(function MessageRow(props: MessageItemProps) {
  const { components } = useChatContext('<MessageList>');
  if (props.entry.message.event) {
    const Event = components.SystemMessage ?? LazyEvent;
    return <Event message={props.entry.message} />;
  }
  const Item = components.MessageItem ?? MessageItem;
  return <Item {...props} />;
});

import { memo } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { MessageItem } from './MessageItem.tsx';
import { SystemMessage } from './SystemMessage.tsx';
import type { MessageItemProps } from '../types.ts';

/** A message of the list, rendered again only when something about it changes, also where the app replaced the item. */
export const MessageRow = /* @__PURE__ */ memo(function MessageRow(props: MessageItemProps) {
  const { components } = useChatContext('<MessageList>');
  if (props.entry.message.event) {
    const Event = components.SystemMessage ?? SystemMessage;
    return <Event message={props.entry.message} />;
  }
  const Item = components.MessageItem ?? MessageItem;
  return <Item {...props} />;
});

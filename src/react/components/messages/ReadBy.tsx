import type { ReactNode } from 'react';
import type { Receipt } from '../../../protocol/index.ts';
import { useChatContext } from '../../ChatContext.ts';
import { numberIn } from '../../strings/forms.ts';
import { Avatar as DefaultAvatar } from '../parts/Avatar.tsx';

const MOST_PICTURES = 3;
const MOST_NAMES = 5;

export interface ReadByProps {
  threadId: string;
  readers: readonly Receipt[];
}

/** Who has read a message: a word between two people, else their pictures; all by name in its title. */
export function ReadBy({ threadId, readers }: ReadByProps): ReactNode {
  const { client, strings, components, locale } = useChatContext('<MessageItem>');
  const Avatar = components.Avatar ?? DefaultAvatar;
  const names = readers.slice(0, MOST_NAMES).map(({ user }) => user.name || user.id);
  const by = strings.readBy(strings.reactionNames(names, false, readers.length - names.length));
  const thread = client?.thread(threadId).get().thread;
  if (thread?.access === 'members' && thread.memberCount <= 2) return <span title={by}>{strings.read}</span>;
  const more = readers.length - MOST_PICTURES;
  return (
    <span className="lk-read-by" title={by}>
      {readers.slice(0, MOST_PICTURES).map(({ user }) => (
        <Avatar key={user.id} user={user} />
      ))}
      {more > 0 && <span aria-hidden="true">+{numberIn(locale, more)}</span>}
      <span className="lk-hidden">{by}</span>
    </span>
  );
}

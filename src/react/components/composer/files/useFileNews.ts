import { useState } from 'react';
import type { AttachedFile } from '../../../attached.ts';
import { useChatContext } from '../../../ChatContext.ts';
import { problemOf } from './problem.ts';

/** What a screen reader is told of the files: that one is there, or why it is not. Nothing on the way. */
export function useFileNews(files: readonly AttachedFile[]): string {
  const { client, strings, locale } = useChatContext('<MessageComposer>');
  const [before, setBefore] = useState(files);
  const [news, setNews] = useState('');
  if (before !== files) {
    setBefore(files);
    const changed = files.find(({ id, state: { status } }) => {
      const old = before.find((file) => file.id === id);
      return (status === 'done' || status === 'failed') && old?.state.status !== status;
    });
    if (changed) {
      const { name } = changed.file;
      setNews(
        changed.state.status === 'done'
          ? strings.fileDone(name)
          : strings.fileFailed(name, problemOf(changed, strings, client?.uploads.get() ?? null, locale)),
      );
    }
  }
  return news;
}

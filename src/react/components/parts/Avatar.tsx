import { useState, type CSSProperties, type ReactNode } from 'react';
import { classes } from './classes.ts';
import type { AvatarProps } from '../types.ts';

/** Hues that stay apart from each other, and from the red of an error. */
const HUES = [160, 28, 255, 210, 320, 95, 185, 45, 285, 130, 15, 230];

function hueOf(id: string): number {
  let hash = 0;
  for (const unit of id) hash = (hash * 31 + (unit.codePointAt(0) ?? 0)) >>> 0;
  return HUES[hash % HUES.length] ?? 160;
}

/** Text of which each unit is a letter by itself. To set up a segmenter costs more than to render a window full of messages. */
const SIMPLE = /^[\u0020-\u02ff\u0370-\u0482\u048a-\u0590]*$/u;

const lettersOf = (word = ''): string[] =>
  SIMPLE.test(word) ? word.split('') : Array.from(new Intl.Segmenter().segment(word), (part) => part.segment);

/** First letters of the first and the last word; the first two of a single one. By grapheme, so that no emoji is cut. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const last = words.length > 1 ? lettersOf(words.at(-1))[0] : lettersOf(words[0])[1];
  return `${lettersOf(words[0])[0] ?? ''}${last ?? ''}`.toLocaleUpperCase();
}

/** A person’s picture, or their initials. Says nothing to screen readers: the name stands beside it. */
export function Avatar({ user, className }: AvatarProps): ReactNode {
  const [broken, setBroken] = useState<string | null>(null);
  const picture = user.avatarUrl?.startsWith('https://') && user.avatarUrl !== broken ? user.avatarUrl : null;
  const style = { '--lk-hue': hueOf(user.id) } as CSSProperties;
  return (
    <span className={classes('lk-avatar', className)} style={style} data-picture={picture !== null} aria-hidden="true">
      {picture === null ? (
        initialsOf(user.name || user.id)
      ) : (
        <img src={picture} alt="" loading="lazy" referrerPolicy="no-referrer" onError={() => setBroken(picture)} />
      )}
    </span>
  );
}

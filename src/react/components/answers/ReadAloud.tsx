import Square from 'lucide/dist/esm/icons/square.mjs';
import Volume2 from 'lucide/dist/esm/icons/volume-2.mjs';
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { useChatContext } from '../../ChatContext.ts';
import { IconButton } from '../parts/IconButton.tsx';

const voice = (): SpeechSynthesis | undefined => (typeof speechSynthesis === 'undefined' ? undefined : speechSynthesis);

/** Speaks what stands in an element, where the browser has a voice. One at a time: another one's words end it. */
export function ReadAloud({ of: element }: { of: RefObject<HTMLElement | null> }): ReactNode {
  const { strings, locale } = useChatContext('<MessageItem>');
  const [speaking, setSpeaking] = useState<SpeechSynthesisUtterance | null>(null);
  const latest = useRef(speaking);
  useEffect(() => {
    latest.current = speaking;
  }, [speaking]);
  useEffect(
    () => () => {
      if (latest.current) voice()?.cancel();
    },
    [],
  );
  if (!voice()) return null;

  const toggle = () => {
    voice()?.cancel();
    if (speaking) return setSpeaking(null);
    const utterance = new SpeechSynthesisUtterance(element.current?.innerText ?? '');
    utterance.lang = locale ?? (document.documentElement.lang || navigator.language);
    const end = () => setSpeaking((now) => (now === utterance ? null : now));
    utterance.onend = end;
    utterance.onerror = end;
    setSpeaking(utterance);
    voice()?.speak(utterance);
  };
  const label = speaking ? strings.readAloudStop : strings.readAloud;
  return <IconButton icon={speaking ? Square : Volume2} label={label} onClick={toggle} />;
}

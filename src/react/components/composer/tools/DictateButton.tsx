import Mic from 'lucide/dist/esm/icons/mic.mjs';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useLatest } from '../../../hooks/useLatest.ts';
import { Icon } from '../../parts/Icon.tsx';
import { useComposer } from '../ComposerContext.ts';
import { recognitionHere, type Recognition } from './recognition.ts';

/** Takes down what is said, where the browser can: a press begins, the next one ends. `data-listening` says which. */
export function DictateButton(): ReactNode {
  const { strings, locale } = useChatContext('<MessageComposer>');
  const { insert, blocked } = useComposer();
  const [listening, setListening] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const recognition = useRef<Recognition | null>(null);
  const latestInsert = useLatest(insert);
  useEffect(() => () => recognition.current?.abort(), []);
  const Here = recognitionHere();
  if (!Here || blocked !== null) return null;

  const begin = () => {
    const heard = new Here();
    recognition.current = heard;
    heard.lang = locale ?? (document.documentElement.lang || navigator.language);
    heard.continuous = true;
    heard.interimResults = false;
    heard.onresult = ({ resultIndex, results }) => {
      const said = Array.from(results)
        .slice(resultIndex)
        .filter(({ isFinal }) => isFinal)
        .map((result) => result[0].transcript.trim());
      if (said.length > 0) latestInsert.current(`${said.join(' ')} `);
    };
    heard.onerror = ({ error }) => {
      if (error === 'aborted' || error === 'no-speech') return;
      const refused = error === 'not-allowed' || error === 'service-not-allowed';
      setProblem(refused ? strings.dictationRefused : strings.dictationFailed);
    };
    heard.onend = () => setListening(false);
    setProblem(null);
    setListening(true);
    heard.start();
  };

  const label = listening ? strings.dictationStop : strings.dictate;
  return (
    <>
      <button
        type="button"
        className="lk-icon-button"
        data-listening={listening}
        aria-pressed={listening}
        aria-label={label}
        title={label}
        onClick={() => (listening ? recognition.current?.stop() : begin())}
      >
        <Icon of={Mic} size={18} />
      </button>
      <span className="lk-composer-hint" role="status">
        {problem ?? (listening ? strings.dictating : '')}
      </span>
    </>
  );
}

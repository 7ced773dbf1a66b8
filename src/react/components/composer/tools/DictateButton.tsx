import Mic from 'lucide/dist/esm/icons/mic.mjs';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useChatContext } from '../../../ChatContext.ts';
import { useLatest } from '../../../hooks/useLatest.ts';
import { IconButton } from '../../parts/IconButton.tsx';
import { useComposer } from '../ComposerContext.ts';
import { recognitionHere, type Recognition } from './recognition.ts';
import { recordedRecognition } from './RecordedRecognition.ts';

/**
 * Takes down what is said, where the backend or the browser can: a press begins, the next one ends. `data-listening` says which. A backend
 * that can goes first: what is said reaches nobody else then.
 */
export function DictateButton(): ReactNode {
  const { client, strings, locale } = useChatContext('<MessageComposer>');
  const { insert, blocked } = useComposer();
  const [listening, setListening] = useState(false);
  /** It is over, and what was said is not there yet. */
  const [stopping, setStopping] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const recognition = useRef<Recognition | null>(null);
  const latestInsert = useLatest(insert);
  useEffect(() => () => recognition.current?.abort(), []);
  const transcribe = client?.transcribe;
  const recognize = (transcribe && recordedRecognition(transcribe)) ?? recognitionHere();
  if (!recognize || blocked !== null) return null;

  const begin = () => {
    const heard = recognize();
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
    heard.onend = () => {
      setListening(false);
      setStopping(false);
    };
    setProblem(null);
    setListening(true);
    heard.start();
  };

  const label = listening ? strings.dictationStop : strings.dictate;
  return (
    <>
      <IconButton
        icon={Mic}
        size={18}
        label={label}
        data-listening={listening}
        aria-pressed={listening}
        // Not disabled: that would take the focus away.
        aria-disabled={stopping}
        onClick={() => {
          if (stopping) return;
          if (!listening) return begin();
          setStopping(true);
          recognition.current?.stop();
        }}
      />
      <span className="lk-composer-hint" role="status">
        {problem ?? (stopping ? strings.dictationWriting : listening ? strings.dictating : '')}
      </span>
    </>
  );
}

/** What is needed of the Web Speech API, which TypeScript does not know and not every browser has. */
export interface Recognition {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  onresult: ((event: { resultIndex: number; results: ArrayLike<Heard> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
  abort(): void;
}

interface Heard {
  isFinal: boolean;
  0: { transcript: string };
}

/** The browser’s own; null where it has none. */
export function recognitionHere(): (() => Recognition) | null {
  const scope = globalThis as {
    SpeechRecognition?: new () => Recognition;
    webkitSpeechRecognition?: new () => Recognition;
  };
  const Own = scope.SpeechRecognition ?? scope.webkitSpeechRecognition;
  return Own ? () => new Own() : null;
}

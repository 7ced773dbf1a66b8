import type { Transcribe } from '../../../../client/index.ts';
import type { Recognition } from './recognition.ts';

/** What browsers record by, the smallest first. */
const TYPES = ['audio/webm;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
/** Speech is understood at this rate. 10 minutes of it are 2.4 MB. */
const BITS_PER_SECOND = 32_000;
/** A microphone that was forgotten ends by itself, ms. */
const LIMIT_MS = 600_000;

/** Null where nothing can be recorded. */
export function recordedRecognition(transcribe: Transcribe): (() => Recognition) | null {
  const isThere = typeof MediaRecorder !== 'undefined' && typeof navigator.mediaDevices?.getUserMedia === 'function';
  return isThere ? () => new RecordedRecognition(transcribe) : null;
}

/** Records, and has the server say what was said: all of it at the end. */
class RecordedRecognition implements Recognition {
  /** The server hears it for itself. */
  lang = '';
  continuous = true;
  interimResults = false;
  onresult: Recognition['onresult'] = null;
  onerror: Recognition['onerror'] = null;
  onend: Recognition['onend'] = null;
  readonly #transcribe: Transcribe;
  readonly #abort = new AbortController();
  /** It was told to stop, perhaps while the person was still asked for their microphone. */
  #stopped: () => void = () => {};
  readonly #stop = new Promise<void>((resolve) => (this.#stopped = resolve));

  constructor(transcribe: Transcribe) {
    this.#transcribe = transcribe;
  }

  start(): void {
    void this.#run();
  }

  stop(): void {
    this.#stopped();
  }

  abort(): void {
    this.#abort.abort();
    this.#stopped();
  }

  async #run(): Promise<void> {
    try {
      const text = await this.#listen();
      if (this.#abort.signal.aborted) return;
      if (text.trim() !== '')
        this.onresult?.({ resultIndex: 0, results: [{ isFinal: true, 0: { transcript: text } }] });
    } catch (thrown) {
      const refused = thrown instanceof DOMException && ['NotAllowedError', 'SecurityError'].includes(thrown.name);
      if (!this.#abort.signal.aborted) this.onerror?.({ error: refused ? 'not-allowed' : 'network' });
    } finally {
      this.onend?.();
    }
  }

  async #listen(): Promise<string> {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    try {
      const audio = await this.#record(stream);
      return audio.size === 0 || this.#abort.signal.aborted
        ? ''
        : await this.#transcribe(audio, { signal: this.#abort.signal });
    } finally {
      for (const track of stream.getTracks()) track.stop();
    }
  }

  async #record(stream: MediaStream): Promise<Blob> {
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType && { mimeType }) });
    const pieces: Blob[] = [];
    recorder.ondataavailable = ({ data }) => pieces.push(data);
    const over = new Promise<void>((resolve, reject) => {
      recorder.onstop = () => resolve();
      recorder.onerror = () => reject(new Error('The recording broke off.'));
    });
    recorder.start();
    const limit = setTimeout(() => this.#stopped(), LIMIT_MS);
    // It may end by itself, too: the microphone was pulled out.
    await Promise.race([this.#stop, over]);
    clearTimeout(limit);
    if (recorder.state !== 'inactive') recorder.stop();
    await over;
    for (const track of stream.getTracks()) track.stop();
    return new Blob(pieces, { type: recorder.mimeType });
  }
}

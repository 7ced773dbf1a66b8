import { ChatError, REQUEST_ANSWERS } from '../../protocol/index.ts';
import type { ClientFrame, RequestAnswers, ServerFrame, ServerFrameOf } from '../../protocol/index.ts';
import type { Clock } from '../clock.ts';

const TIMEOUT_MS = 10_000;

export type RequestType = keyof RequestAnswers;
/** A frame that is answered, before it got its `requestId`. */
export type RequestFrame<T extends RequestType> = Omit<Extract<ClientFrame, { type: T }>, 'requestId'> & { type: T };
export type AnswerTo<T extends RequestType> = ServerFrameOf<RequestAnswers[T]>;

interface Pending {
  answer: string;
  resolve(frame: ServerFrame): void;
  reject(error: ChatError): void;
}

/** Brings answers back to those who asked, by `requestId`. */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends a request by `send`; rejects with what the server refused it for, `request_timeout`, or what ended the connection. */
  start<T extends RequestType>(frame: RequestFrame<T>, send: (frame: ClientFrame) => void): Promise<AnswerTo<T>> {
    const requestId = (this.#lastId += 1);
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.setTimer(() => {
        this.#pending.delete(requestId);
        reject(new ChatError('request_timeout', `The server did not answer ${frame.type} in time.`));
      }, TIMEOUT_MS);
      this.#pending.set(requestId, {
        answer: REQUEST_ANSWERS[frame.type],
        resolve: (answer) => {
          cancel();
          resolve(answer as AnswerTo<T>); // `answer` names the one type that comes here.
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      });
      send({ ...frame, requestId } as unknown as ClientFrame);
    });
  }

  /** Whether the frame answered a request. */
  settle(frame: ServerFrame): boolean {
    if (!('requestId' in frame) || frame.requestId === null) return false;
    const pending = this.#pending.get(frame.requestId);
    if (!pending) return false;
    if (frame.type === 'request.refused') pending.reject(ChatError.fromWire(frame.error));
    else if (frame.type === pending.answer) pending.resolve(frame);
    else return false;
    this.#pending.delete(frame.requestId);
    return true;
  }

  /** The connection is gone. */
  rejectAll(error: ChatError): void {
    const all = [...this.#pending.values()];
    this.#pending.clear();
    for (const pending of all) pending.reject(error);
  }
}

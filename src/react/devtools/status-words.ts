import type { TokenStatus } from '../../index.ts';
import type { EventWords } from './event-words.ts';

const WORDS: Record<TokenStatus, { tone: EventWords['tone']; means: string }> = {
  idle: { tone: 'plain', means: 'Nobody has asked for a token yet.' },
  loading: { tone: 'plain', means: 'The first token is on its way.' },
  ready: { tone: 'good', means: 'The token is good.' },
  refreshing: { tone: 'good', means: 'The token is good; the next one is on its way.' },
  degraded: { tone: 'bad', means: 'The token is good; its renewal is failing.' },
  offline: { tone: 'bad', means: 'There is no usable token and no network.' },
  unauthenticated: { tone: 'bad', means: 'The app says that nobody is signed in. It is not asked again.' },
  forbidden: { tone: 'bad', means: 'The app says that this person may not. It is not asked again.' },
  error: { tone: 'bad', means: 'There is no usable token.' },
};

export function statusTone(status: TokenStatus): EventWords['tone'] {
  return WORDS[status].tone;
}

export function statusMeans(status: TokenStatus): string {
  return WORDS[status].means;
}

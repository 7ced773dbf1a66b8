import { ChatProvider, type ChatProviderProps, type ComposerOptions } from 'latchkit';
import type { ReactNode } from 'react';
import { ARABIC } from '../../src/react/strings/locales/ar.ts';
import type { Scene } from './scene.ts';

export interface StageOptions {
  /** How much room the component gets: a whole window, or the width of a panel with its own height. */
  room?: 'window' | 'panel';
  /** How messages are written. */
  composer?: ComposerOptions;
  /** What shows the app's own parts of an answer. */
  parts?: ChatProviderProps['parts'];
}

/** What stands around a story's component: the provider with the story's backend, the theme, and a quiet background. */
export function Stage({ scene, theme, language = 'en', room = 'window', composer, parts, children }: StageProps) {
  const words = language === 'ar' ? { strings: ARABIC, locale: 'ar' } : {};
  return (
    <div
      className="stage"
      data-theme={theme}
      data-room={room}
      lang={language}
      dir={language === 'ar' ? 'rtl' : undefined}
    >
      <ChatProvider
        userId={scene.userId}
        backend={scene.backend}
        fetchToken={scene.fetchToken}
        theme={theme}
        {...(composer && { composer })}
        {...(parts && { parts })}
        {...words}
      >
        <div className="stage-room">{children}</div>
      </ChatProvider>
    </div>
  );
}

interface StageProps extends StageOptions {
  scene: Scene;
  theme: 'light' | 'dark';
  /** Default `en`. `ar` runs from right to left. */
  language?: 'en' | 'ar';
  children: ReactNode;
}

import type { Preview } from '@storybook/react-vite';
import { configure } from 'storybook/test';
import 'latchkit/styles.css';
import '../stories/support/stage.css';
import { createScene, type SceneOptions } from '../stories/support/scene.ts';
import { Stage, type StageOptions } from '../stories/support/Stage.tsx';

// Above the second for which the kit keeps a short break of the connection to itself, and enough for a busy machine.
configure({ asyncUtilTimeout: 5000 });

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    // A violation of an accessibility rule fails the story's test.
    a11y: { test: 'error' },
    backgrounds: { disable: true },
    viewport: {
      options: {
        phone: { name: 'Phone', type: 'mobile', styles: { width: '390px', height: '780px' } },
        tablet: { name: 'Tablet', type: 'tablet', styles: { width: '820px', height: '1100px' } },
      },
    },
    docs: {
      source: { type: 'code' },
    },
    options: {
      storySort: {
        order: [
          'Start here',
          'Welcome',
          'ChatProvider',
          'ChatWindow',
          'ChatLauncher',
          '*',
          'Hooks',
          'Guides',
          'Recipes',
        ],
      },
    },
  },
  globalTypes: {
    theme: {
      description: 'Light or dark',
      toolbar: {
        icon: 'mirror',
        items: [
          { value: 'light', title: 'Light', icon: 'sun' },
          { value: 'dark', title: 'Dark', icon: 'moon' },
        ],
        dynamicTitle: true,
      },
    },
    language: {
      description: 'Language of the kit’s own words',
      toolbar: {
        icon: 'globe',
        items: [
          { value: 'en', title: 'English' },
          { value: 'ar', title: 'Arabic, right to left' },
        ],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'light', language: 'en' },
  // A fresh backend for every run of a story, made before it renders, so that its play function can act as the far side.
  loaders: [(context) => ({ scene: createScene(context.parameters.scene as SceneOptions | undefined) })],
  decorators: [
    (Story, context) => (
      <Stage
        scene={context.loaded.scene as ReturnType<typeof createScene>}
        theme={context.globals.theme === 'dark' ? 'dark' : 'light'}
        language={context.globals.language === 'ar' ? 'ar' : 'en'}
        {...(context.parameters.stage as StageOptions | undefined)}
      >
        <Story />
      </Stage>
    ),
  ],
};

export default preview;

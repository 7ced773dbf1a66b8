import { addons } from 'storybook/manager-api';
import { create } from 'storybook/theming';

addons.setConfig({
  theme: create({ base: 'light', brandTitle: 'LatchKit', colorPrimary: '#2f6f5e', colorSecondary: '#2f6f5e' }),
});

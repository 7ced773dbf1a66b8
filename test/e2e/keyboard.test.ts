import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright';
import { expect, test } from 'vitest';
import { serveDemo } from '../support/demo.ts';

const demo = serveDemo();

/** One person and a keyboard: nothing below touches a pointer. */
class Walker {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  static async signIn(name: string): Promise<Walker> {
    const page = await (await demo.browser.newContext()).newPage();
    await page.goto(demo.url);
    const walker = new Walker(page);
    await walker.tabTo(page.getByLabel('Your name'));
    await page.keyboard.type(name);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: /General/ }).waitFor();
    return walker;
  }

  get focused(): Locator {
    return this.page.locator(':focus');
  }

  press(...keys: string[]): Promise<void> {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }

  /** Presses Tab (or Shift+Tab) until it is there, as a person would who looks for it. */
  async tabTo(target: Locator, key = 'Tab'): Promise<void> {
    await target.waitFor();
    for (let presses = 0; presses < 40; presses += 1) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await this.page.keyboard.press(key);
    }
    throw new Error(`40 times ${key} do not lead to ${String(target)}`);
  }

  async write(text: string): Promise<void> {
    await this.tabTo(this.page.getByRole('textbox', { name: /General/ }));
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await this.message(text).and(this.page.locator('[data-delivery="sent"]')).waitFor();
  }

  /** The message that says this. */
  message(text: string): Locator {
    return this.page.getByRole('log').getByRole('article').filter({ hasText: text }).first();
  }

  /** From the composer into the list, and up to the message. */
  async goTo(text: string): Promise<void> {
    await this.tabTo(this.page.getByRole('log'), 'Shift+Tab');
    for (let presses = 0; presses < 20; presses += 1) {
      await this.page.keyboard.press('ArrowUp');
      if (await this.message(text).evaluate((element) => element === document.activeElement)) return;
    }
    throw new Error(`ArrowUp does not lead to “${text}”`);
  }

  /** Opens the menu of the message that has the focus, and chooses an entry by its first letters. */
  async choose(entry: string): Promise<void> {
    await this.page.keyboard.press('Enter');
    await this.page.getByRole('menu').waitFor();
    const item = this.page.getByRole('menuitem', { name: entry, exact: true });
    for (let presses = 0; presses < 20; presses += 1) {
      if (await item.evaluate((element) => element === document.activeElement)) break;
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
  }

  /** What a screen reader is given of a place: roles, names and states. */
  tree(place: Locator): Promise<string> {
    return place.ariaSnapshot();
  }
}

test('by keyboard alone: open, read, reply, react, edit, delete, switch conversation, upload', async () => {
  const ada = await Walker.signIn('Ada Osei');
  const jun = await Walker.signIn('Jun Mori');
  const { page } = ada;
  const file = join(demo.data, 'invoice-0612.txt');
  writeFileSync(file, 'Total: 1,284.50');
  // From the start: the browser has to be told before one opens.
  page.on('filechooser', (chooser) => void chooser.setFiles(file));

  // Write, and read what another person wrote.
  await jun.write('Which invoice is it?');
  await ada.message('Which invoice is it?').waitFor();
  await ada.write('The one of June.');
  await ada.goTo('Which invoice is it?');
  expect(await ada.tree(ada.focused)).toContain('Which invoice is it?');

  // Reply: the quote stands above the text, which has the focus; Escape would take it back.
  await ada.choose('Reply');
  await expect.poll(() => ada.focused.getAttribute('aria-label')).toMatch(/General/);
  await page.keyboard.type('Number 0612.');
  await page.keyboard.press('Enter');
  await jun.message('Number 0612.').waitFor();
  expect(await ada.tree(ada.message('Number 0612.'))).toContain('In reply to Jun Mori');

  // React: the picker closes, and the focus is back on the message.
  await ada.goTo('Which invoice is it?');
  await ada.choose('React');
  await page.getByRole('searchbox').waitFor();
  await page.keyboard.type('thumbs up');
  await page.keyboard.press('Enter');
  await jun.message('Which invoice is it?').getByRole('button', { name: /👍/ }).waitFor();
  await expect.poll(() => ada.focused.getAttribute('data-message-id')).not.toBeNull();

  // Edit: the message becomes a field with its text; Enter saves.
  await ada.press('Escape');
  await ada.goTo('The one of June.');
  await ada.choose('Edit');
  await expect.poll(() => ada.focused.evaluate((element) => element.tagName)).toBe('TEXTAREA');
  await ada.press('End');
  await page.keyboard.type(' Or July?');
  await page.keyboard.press('Enter');
  await jun.message('The one of June. Or July?').waitFor();
  await expect.poll(() => ada.focused.getAttribute('data-message-id')).not.toBeNull();

  // Delete: asked first, with the focus on what does no harm; afterwards it is not lost.
  await ada.choose('Delete');
  const question = page.getByRole('alertdialog', { name: 'Delete this message?' });
  await question.waitFor();
  expect(await ada.focused.textContent()).toBe('Cancel');
  await ada.tabTo(question.getByRole('button', { name: 'Delete' }));
  await ada.press('Enter');
  await jun.message('This message was deleted').waitFor();
  await expect.poll(() => ada.focused.getAttribute('data-message-id')).not.toBeNull();

  // Escape goes home, to where one writes.
  await ada.press('Escape');
  await expect.poll(() => ada.focused.getAttribute('aria-label')).toMatch(/General/);

  // Upload: the button is on the way, the file goes with the text.
  await ada.tabTo(page.getByRole('button', { name: 'Attach files' }), 'Shift+Tab');
  await ada.press('Enter');
  await expect.poll(() => ada.focused.getAttribute('aria-label')).toMatch(/General/);
  await page.keyboard.type('Here it is.');
  await page.getByText('invoice-0612.txt').first().waitFor();
  await page.keyboard.press('Enter');
  await jun.message('Here it is.').getByText('invoice-0612.txt').waitFor();

  // Another conversation: each is a button in the list before the messages.
  await ada.tabTo(page.getByRole('navigation').getByRole('button', { name: /^Help desk/ }), 'Shift+Tab');
  await ada.press('Enter');
  await ada.tabTo(page.getByRole('textbox', { name: /Help desk/ }));
});

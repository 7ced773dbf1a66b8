import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { serveDemo, statusOf } from '../support/demo.ts';

const demo = serveDemo();

const connected = (page: Page) => statusOf(page, 'connected');

async function signIn(name: string): Promise<{ page: Page; problems: string[] }> {
  const page = await (await demo.browser.newContext()).newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await demo.signIn(page, name);
  return { page, problems };
}

async function send(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /A tour/ });
  await composer.fill(text);
  await composer.press('Enter');
  await said(page, text).waitFor();
}
const said = (page: Page, text: string) => page.getByRole('log').getByText(text, { exact: true });
const bar = (page: Page) => page.getByRole('group', { name: 'Who answers' });
const events = (page: Page) => page.getByRole('log').locator('.lk-event').allTextContents();
const answers = (page: Page) => page.getByRole('log').getByText('JWT access tokens').count();

test('the assistant hands over to a person, is silent, and answers again once it is handed back', async () => {
  const [customer, agent] = await Promise.all([signIn('Mara'), signIn('Agent Ben')]);
  const inbox = agent.page.getByRole('navigation', { name: 'Inbox' });
  await inbox.getByText('Nobody is waiting').waitFor();

  // The assistant itself asks for a person, when one is asked for.
  await customer.page.getByRole('button', { name: /^A tour/ }).click();
  await bar(customer.page).getByText('The assistant answers').waitFor();
  await send(customer.page, 'I want to talk to a person');
  await bar(customer.page).getByText('Waiting for a person…').waitFor();
  await customer.page
    .getByRole('log')
    .getByText(/I have asked for a person/)
    .waitFor();
  await expect.poll(() => events(customer.page)).toEqual([expect.stringContaining('Guide asked for a person')]);

  // It is silent while Mara waits; the agent sees who waits, and why.
  await send(customer.page, 'Is anybody there?');
  await inbox.getByText('Mara: Is anybody there?').waitFor();
  await inbox.getByText('Asked for by Mara').waitFor();
  await inbox.getByRole('button', { name: 'Take over: A tour' }).click();
  await bar(agent.page).getByText('You are answering').waitFor();
  await bar(customer.page).getByText('Agent Ben is answering').waitFor();
  await inbox.getByText('Nobody is waiting').waitFor();

  // They talk, and it is silent still.
  await send(agent.page, 'Hello Mara, this is Ben.');
  await said(customer.page, 'Hello Mara, this is Ben.').waitFor();
  await send(customer.page, 'Good to hear from you!');
  await said(agent.page, 'Good to hear from you!').waitFor();

  // A server that dies in the middle of it knows who answers when it is there again.
  await demo.kill();
  await statusOf(customer.page, 'reconnecting');
  await demo.start();
  await Promise.all([connected(customer.page), connected(agent.page)]);
  await agent.page.reload();
  await connected(agent.page);
  await inbox.getByText('Answered by you').waitFor();
  await inbox.getByRole('button', { name: /^A tour/ }).click();
  await bar(agent.page).getByText('You are answering').waitFor();
  await customer.page.reload();
  await connected(customer.page);
  await customer.page.getByRole('button', { name: /^A tour/ }).click();
  await bar(customer.page).getByText('Agent Ben is answering').waitFor();
  await send(customer.page, 'Still there?');
  await said(agent.page, 'Still there?').waitFor();
  expect(await answers(customer.page)).toBe(0);

  // Handed back, the assistant answers the next message, and no other.
  await bar(agent.page).getByRole('button', { name: 'Hand back to the assistant' }).click();
  await bar(customer.page).getByText('The assistant answers').waitFor();
  await customer.page.getByText('Agent Ben handed back to the assistant').waitFor();
  for (const { page } of [customer, agent]) {
    const ben = page === agent.page ? 'You' : 'Agent Ben';
    const told = await events(page);
    expect(told.map((each) => each.replace(/\d.*$/, '').trim())).toEqual([
      'Guide asked for a person: Asked the guide for a person',
      `${ben} took over`,
      `${ben} handed back to the assistant`,
    ]);
  }
  await send(customer.page, 'Show me around');
  for (const { page } of [customer, agent]) {
    await page.getByRole('log').getByText('JWT access tokens').waitFor({ timeout: 30_000 });
    expect(await answers(page)).toBe(1);
  }
  expect([...customer.problems, ...agent.problems]).toEqual([]);
});

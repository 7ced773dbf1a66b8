import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf, type AnswerChunk } from '../../src/protocol/index.ts';
import type { RespondContext } from '../../src/server/index.ts';
import { launchBrowser } from '../support/browser.ts';
import { startTestServer, type TestServer } from '../support/chat-server.ts';
import { buildPage, pageHtml, sendHtml, servePage, type PageServer } from '../support/page.ts';

let server: TestServer;
let app: PageServer;
let browser: Browser;
let address: string;
let release: () => void = () => {};

async function* respond({ message, messages, signal }: RespondContext): AsyncGenerator<AnswerChunk> {
  const text = textOf(message.parts);
  const asks = text === 'pay' && messages.at(-1)?.role === 'user';
  if (asks) {
    yield { type: 'tool-input-available', toolCallId: 'c', toolName: 'pay', input: { euros: 5 } };
    yield { type: 'tool-approval-request', toolCallId: 'c', approvalId: 'p' };
    yield { type: 'finish' };
    return;
  }
  if (text === 'pay') yield { type: 'tool-output-available', toolCallId: 'c', output: 'paid' };
  yield { type: 'text-start', id: 't' };
  yield { type: 'text-delta', id: 't', delta: `You said ${text}` };
  if (text === 'long') {
    await new Promise<void>((done) => {
      release = done;
      signal.addEventListener('abort', () => done());
    });
    yield { type: 'text-delta', id: 't', delta: ', and here is the rest' };
  }
  yield { type: 'text-end', id: 't' };
  yield { type: 'finish' };
}

beforeAll(async () => {
  const files = await buildPage('test/e2e/pages/use-chat-page.tsx');
  server = await startTestServer({
    respond,
    // The page says who it is by its cookie, the test's own connections by a header.
    authenticate: (request) => {
      const id = request.headers.get('x-user') ?? /user=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      return id === undefined ? null : { id, name: id, sessionId: 's1' };
    },
  });
  await server.chat.threads.upsert({ id: 'general', title: 'General', access: 'open' });
  app = await servePage(files, (_, response) =>
    sendHtml(response, pageHtml(files), { 'set-cookie': 'user=ada; HttpOnly; Path=/' }),
  );
  server.chat.attach(app.http);
  address = app.url;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
  app?.stop();
  await server?.stop();
});

const items = (page: Page) => page.locator('li').allInnerTexts();
const send = async (page: Page, text: string) => {
  await page.getByLabel('Message').fill(text);
  await page.keyboard.press('Enter');
};
const ready = (page: Page) => page.getByText('ready', { exact: true }).waitFor();

test('useChat of @ai-sdk/react speaks with the server, over the same conversation that a LatchKit window has', async () => {
  const page = await browser.newPage();
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(error.message));
  const ben = await server.connect('ben');
  await ben.request({ type: 'thread.subscribe', threadId: 'general' }, 'thread.subscribed');
  await page.goto(address);
  await ready(page);

  await send(page, 'hello');
  await page.getByText('You said hello').waitFor();
  await ready(page);
  const { message: question } = await ben.take('message.created');
  expect([question.author.id, textOf(question.parts)]).toEqual(['ada', 'hello']);

  await page.getByRole('button', { name: 'Again' }).click();
  await page.getByText('You said hello').waitFor();
  await ready(page);
  expect(await items(page)).toEqual(['hello', 'You said hello']);

  await send(page, 'pay');
  await page.getByRole('button', { name: 'Allow' }).click();
  await page.getByText('You said pay').waitFor();
  expect((await items(page)).at(-1)).toBe('[pay output-available]You said pay');
  await ready(page);

  // A reload in the middle of an answer: what there was of it, then the rest.
  await send(page, 'long');
  await page.getByText('You said long').waitFor();
  await page.reload();
  await page.getByText('You said long').waitFor();
  release();
  await page.getByText('You said long, and here is the rest').waitFor();
  await ready(page);

  // Somebody else wrote meanwhile: it is there when the page comes back.
  const parts = [{ type: 'text' as const, text: 'from a LatchKit client' }];
  await ben.request({ type: 'message.send', threadId: 'general', messageId: 'b1', parts }, 'message.accepted');
  while ((await ben.take('message.updated')).message.answer?.to !== 'b1');
  await page.reload();
  await ready(page);
  expect(await items(page)).toEqual([
    'hello',
    'You said hello',
    'pay',
    '[pay output-available]You said pay',
    'long',
    'You said long, and here is the rest',
    'from a LatchKit client',
    'You said from a LatchKit client',
  ]);
  expect(failures).toEqual([]);
});

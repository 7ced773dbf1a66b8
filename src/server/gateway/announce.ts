import type { Message, Thread } from '../../protocol/index.ts';
import { topics, type Fanout } from '../fanout/Fanout.ts';
import type { ChatStorage } from '../storage/ChatStorage.ts';

interface Ports {
  fanout: Fanout;
  storage: ChatStorage;
}

/** Tells everybody who listens to the thread, and everybody whose list it is in. */
export async function announceMessage(ports: Ports, thread: Thread, message: Message): Promise<void> {
  await ports.fanout.publish(topics.thread(thread.id), { type: 'message.created', message });
  await announceThread(ports, { ...thread, lastMessage: message, updatedAt: message.createdAt });
}

export async function announceThread({ fanout, storage }: Ports, thread: Thread): Promise<void> {
  const audience =
    thread.access === 'open' ? [topics.openThreads] : (await storage.memberIds(thread.id)).map(topics.threadsOf);
  await Promise.all(audience.map((topic) => fanout.publish(topic, { type: 'thread.updated', thread })));
}

import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../../../test/support/chat-server.ts';
import type { TestSocket } from '../../../test/support/socket.ts';
import { MAX_PEOPLE_FOUND } from '../../protocol/index.ts';
import type { SearchPeople } from '../types.ts';

let server: TestServer;
afterEach(() => server.stop());

const search = async (socket: TestSocket, query: string) =>
  (await socket.request({ type: 'people.search', query }, 'people.found')).people;
const refused = async (socket: TestSocket, query: string) =>
  (await socket.request({ type: 'people.search', query }, 'request.refused')).error;

describe('a search for people', () => {
  it('finds, without a word of the app, those with whom somebody is in a conversation, and nobody else', async () => {
    server = await startTestServer();
    await server.chat.threads.upsert({ id: 'a', title: 'A', members: ['ada', 'ben', 'zoe'] });
    await server.chat.threads.upsert({ id: 'b', title: 'B', members: ['ada', 'ben'] });
    await server.chat.threads.upsert({ id: 'c', title: 'C', members: ['ben', 'dora'] });
    // One that everybody may read makes nobody known to everybody.
    await server.chat.threads.upsert({ id: 'open', title: 'Open', access: 'open', members: ['eve'] });
    await Promise.all(['ben', 'dora', 'eve'].map((id) => server.connect(id)));
    const ada = await server.connect('ada');
    const ben = { id: 'ben', name: 'Name of ben', avatarUrl: null };
    expect(await search(ada, '')).toEqual([ben, { id: 'zoe', name: 'zoe', avatarUrl: null }]);
    expect(await search(ada, 'BEN')).toEqual([ben]);
    expect(await search(ada, 'of b')).toEqual([]);
    for (const query of ['dora', 'eve', 'ada', '%', '_']) expect(await search(ada, query), query).toEqual([]);
    await server.chat.threads.removeMember('a', 'ada');
    expect(await search(ada, '')).toEqual([ben]);
  });

  it('finds whom the app finds for this person; who was never here has a name once they are added', async () => {
    const asked: Parameters<SearchPeople>[0][] = [];
    server = await startTestServer({
      searchPeople: (question) => {
        asked.push(question);
        return [
          { id: 'ada', name: 'Ada' },
          { id: 'noor', name: 'Noor\u0007Haddad', avatarUrl: 'javascript:alert(1)' },
          ...Array.from({ length: 30 }, (_, n) => ({ id: `user-${n}` })),
        ];
      },
    });
    const ada = await server.connect('ada');
    const people = await search(ada, ' no ');
    expect(asked).toEqual([{ query: ' no ', user: { id: 'ada', name: 'Name of ada', avatarUrl: null } }]);
    expect(people).toHaveLength(MAX_PEOPLE_FOUND);
    expect(people[0]).toEqual({ id: 'noor', name: 'Noor Haddad', avatarUrl: null });
    const made = { type: 'thread.create', threadId: 't', title: '', access: 'members', memberIds: ['noor'] };
    await ada.request(made, 'thread.saved');
    const { members } = await ada.request({ type: 'member.list', threadId: 't' }, 'member.listed');
    expect(members.map(({ user }) => user.name).sort()).toEqual(['Name of ada', 'Noor Haddad']);
  });

  it('changes nothing about who is known already', async () => {
    server = await startTestServer({ searchPeople: () => [{ id: 'ben', name: 'Somebody else' }] });
    await server.connect('ben');
    const ada = await server.connect('ada');
    await search(ada, 'x');
    await server.chat.threads.upsert({ id: 't', title: 'T', members: ['ada', 'ben'] });
    const { members } = await ada.request({ type: 'member.list', threadId: 't' }, 'member.listed');
    expect(members.map(({ user }) => user.name).sort()).toEqual(['Name of ada', 'Name of ben']);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('the directory is down'))],
    ['gives no list', () => ({}) as never],
    ['gives somebody without an id', () => [{ name: 'Nobody' }] as never],
  ] as [string, SearchPeople][])('is refused when the app’s search %s', async (_, searchPeople) => {
    server = await startTestServer({ searchPeople });
    const ada = await server.connect('ada');
    const error = await refused(ada, 'x');
    expect(error.code).toBe('internal');
    expect(error.message).not.toContain('directory');
  });

  it('costs of the same budget as other searches', async () => {
    server = await startTestServer({ limits: { searchBurst: 2, searchesPerSecond: 1 } });
    const ada = await server.connect('ada');
    await search(ada, 'a');
    await search(ada, 'b');
    expect(await refused(ada, 'c')).toMatchObject({ code: 'rate_limited', retryAfterMs: expect.any(Number) as number });
  });

  it('refuses to start with what is no search', async () => {
    server = await startTestServer();
    await expect(startTestServer({ searchPeople: 'ldap' as never })).rejects.toMatchObject({ code: 'invalid_options' });
  });
});

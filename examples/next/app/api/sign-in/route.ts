import { cookieOf, userFrom } from '../../../lib/session';

export async function POST(request: Request) {
  const id = String((await request.formData()).get('id'));
  const cookie = cookieOf(id);
  if (!userFrom(cookie.split(';')[0] ?? null)) return new Response('1 to 20 small letters, please.', { status: 400 });
  return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
}

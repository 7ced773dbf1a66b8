/**
 * Tokens that no server may take, each with the one thing that is wrong with it: everything else, the signature too, is right, so
 * that a row cannot pass for another reason. In the manner of Project Wycheproof; sources are RFC 8725 (best practices for JWT),
 * RFC 7515, RFC 7519, and the weaknesses that were found in JWT libraries over the years.
 */
import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { ChatErrorCode } from '../../../src/protocol/index.ts';
import { ecdsa, eddsa, encode, hmac, jws, kidOf, withEdDSA, withES256, withSecret, type Part } from './forge.ts';
import { EDDSA, ES256, SECRET, UNTRIMMED_SECRET, type Against } from './material.ts';

export interface TokenVector {
  name: string;
  against: Against;
  token: string;
}

export interface Attack extends TokenVector {
  code: ChatErrorCode;
  /** What the error's message names: the reason, not only a refusal. */
  because: RegExp;
}

type Row = [name: string, token: string, because: RegExp, code?: ChatErrorCode];

const FORM = /three parts of base64url/;
const KEY = /a key that this server does not have/;
const ALGORITHM = /algorithm is not that of its key/;
const SIGNATURE = /signature does not fit/;
const MEMBERS = /asks for more than alg, typ and kid/;
const TWICE = /says something twice/;
const DEEP = /nested too deeply/;
const ID = /is no id/;
const TIMES = /its times are none/;
const claim = (name: string) => new RegExp(`claim "${name}"`);
const unreadable = (part: string) => new RegExp(`its ${part} (cannot be read|is no JSON object)`);

const claimsAt = (seconds: number) => ({
  sub: 'ada',
  sid: 's1',
  aud: 'latchkit',
  iss: 'latchkit',
  jti: 'j1',
  iat: seconds,
  exp: seconds + 300,
  scope: 'chat',
});

const HS = { alg: 'HS256', kid: kidOf(SECRET), typ: 'chat+jwt' };
const ES = { alg: 'ES256', kid: ES256.kid, typ: 'chat+jwt' };
const ED = { alg: 'EdDSA', kid: EDDSA.kid, typ: 'chat+jwt' };

const without = (object: object, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const parts = (token: string) => token.split('.') as [string, string, string];
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

/** Tokens that every server must take: the controls, without which the corpus would prove nothing. */
export function genuine(now: number): TokenVector[] {
  const good = claimsAt(Math.floor(now / 1000));
  const padded = (size: number) => {
    const room = Math.floor((size * 3) / 4);
    for (let pad = room; pad > 0; pad--) {
      const token = jws(HS, { ...good, pad: 'x'.repeat(pad) }, withSecret);
      if (token.length <= size) return token;
    }
    throw new Error('No token fits.');
  };
  const rows: [string, Against, string][] = [
    ['HS256', 'secret', jws(HS, good, withSecret)],
    ['HS256 without a kid, where there is one key', 'secret', jws(without(HS, 'kid'), good, withSecret)],
    [
      'HS256 by an untrimmed secret',
      'untrimmed',
      jws({ ...HS, kid: kidOf(UNTRIMMED_SECRET) }, good, hmac(UNTRIMMED_SECRET)),
    ],
    ['ES256', 'ES256', jws(ES, good, withES256)],
    ['EdDSA', 'EdDSA', jws(ED, good, withEdDSA)],
    [
      'JSON with white space, and a name in escapes',
      'secret',
      jws(HS, JSON.stringify(good, null, 2).replace('"sub"', '"\\u0073ub"'), withSecret),
    ],
    ['a sub of another script', 'secret', jws(HS, { ...good, sub: 'zoë-宮本-😀' }, withSecret)],
    ['4 KB exactly, or as near as base64 comes', 'secret', padded(4_096)],
    ['an iat 5 s ahead', 'secret', jws(HS, { ...good, iat: good.iat + 5 }, withSecret)],
    ['an exp 4 s ago', 'secret', jws(HS, { ...good, iat: good.iat - 304, exp: good.iat - 4 }, withSecret)],
    ['the longest life', 'secret', jws(HS, { ...good, exp: good.iat + 900 }, withSecret)],
    ['a scope among others', 'secret', jws(HS, { ...good, scope: 'profile chat' }, withSecret)],
  ];
  return rows.map(([name, against, token]) => ({ name, against, token }));
}

export function attacks(now: number): Attack[] {
  const good = claimsAt(Math.floor(now / 1000));
  const seconds = good.iat;
  const hs = (changes: object | string | Buffer = {}, header: Part = HS, signer = withSecret) =>
    jws(header, typeof changes === 'string' || Buffer.isBuffer(changes) ? changes : { ...good, ...changes }, signer);
  const raw = (changes: string) => hs(`${JSON.stringify(good).slice(0, -1)},${changes}}`);
  const swap = (name: string, literal: string) => hs(JSON.stringify({ ...good, [name]: '@' }).replace('"@"', literal));
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const strangerJwk = stranger.privateKey.export({ format: 'jwk' });
  const strangerEd = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const genuineHS = hs();
  const [header, payload, signature] = parts(genuineHS);
  const replaced = (bytes: Buffer | string, token = genuineHS) =>
    `${token.slice(0, token.lastIndexOf('.'))}.${typeof bytes === 'string' ? bytes : bytes.toString('base64url')}`;

  const secret: Row[] = [
    // Which algorithm (RFC 8725, 2.1 and 3.1)
    ...['none', 'None', 'NONE', 'nOnE', 'NoNe'].flatMap((alg): Row[] => [
      [`alg ${alg}, no signature`, `${encode({ ...HS, alg })}.${payload}.`, FORM],
      [`alg ${alg}, signed all the same`, hs({}, { ...HS, alg }), ALGORITHM],
    ]),
    ['no alg', hs({}, without(HS, 'alg')), /names no algorithm/],
    ...[null, 0, true, ['HS256'], { HS256: 1 }].map((alg): Row => [
      `alg ${JSON.stringify(alg)}`,
      hs({}, { ...HS, alg }),
      /names no algorithm/,
    ]),
    ...['', 'hs256', 'HS256 ', 'HS256\u0000', 'SHA256', 'HMAC', 'dir'].map((alg): Row => [
      `alg ${JSON.stringify(alg)}`,
      hs({}, { ...HS, alg }),
      ALGORITHM,
    ]),
    ['HS384 by the right secret', hs({}, { ...HS, alg: 'HS384' }, hmac(SECRET, 'sha384')), ALGORITHM],
    ['HS512 by the right secret', hs({}, { ...HS, alg: 'HS512' }, hmac(SECRET, 'sha512')), ALGORITHM],
    [
      'RS256 by a key of one’s own',
      hs({}, { ...HS, alg: 'RS256' }, (text) => sign('sha256', Buffer.from(text), rsa.privateKey)),
      ALGORITHM,
    ],
    ['ES256 by a key of one’s own', hs({}, { ...HS, alg: 'ES256' }, ecdsa(strangerJwk)), ALGORITHM],
    ['EdDSA by a key of one’s own', hs({}, { ...HS, alg: 'EdDSA' }, eddsa(strangerEd)), ALGORITHM],

    // Which key
    ['kid as a path to an empty file', hs({}, { ...HS, kid: '../../../../../../dev/null' }, hmac('')), KEY],
    ['kid as SQL that selects a secret', hs({}, { ...HS, kid: "x' UNION SELECT 'secret' -- " }, hmac('secret')), KEY],
    ['kid as a command', hs({}, { ...HS, kid: '$(id)|`id`;id' }), KEY],
    ['kid as an address', hs({}, { ...HS, kid: 'https://evil.example/jwks.json' }), KEY],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map((kid): Row => [
      `kid ${kid}`,
      hs({}, { ...HS, kid }, hmac('')),
      KEY,
    ]),
    ['kid empty', hs({}, { ...HS, kid: '' }), KEY],
    ['kid in capitals', hs({}, { ...HS, kid: HS.kid.toUpperCase() }), KEY],
    ['kid with a NUL behind it', hs({}, { ...HS, kid: `${HS.kid}\u0000` }), KEY],
    ['kid with a blank before it', hs({}, { ...HS, kid: ` ${HS.kid}` }), KEY],
    ['kid cut', hs({}, { ...HS, kid: HS.kid.slice(0, -1) }), KEY],
    ['kid of 1,000 characters', hs({}, { ...HS, kid: 'k'.repeat(1_000) }), /kid that is no name/],
    ['kid of 100,000 characters', hs({}, { ...HS, kid: 'k'.repeat(100_000) }), /bytes/, 'token_too_large'],
    ...[null, 7, true, [HS.kid], { kid: HS.kid }].map((kid): Row => [
      `kid ${JSON.stringify(kid)}`,
      hs({}, { ...HS, kid }),
      /kid that is no name/,
    ]),

    // Headers that ask the verifier for something (RFC 8725, 2.10, 3.10; RFC 7515, 4.1)
    [
      'jwk: the key comes along',
      hs(
        {},
        { ...HS, alg: 'ES256', jwk: createPublicKey(stranger.privateKey).export({ format: 'jwk' }) },
        ecdsa(strangerJwk),
      ),
      MEMBERS,
    ],
    ['jwk beside the right signature', hs({}, { ...HS, jwk: { kty: 'oct', k: 'AAAA' } }), MEMBERS],
    ['jku', hs({}, { ...HS, jku: 'https://evil.example/jwks.json' }), MEMBERS],
    ['jku to the server’s own network', hs({}, { ...HS, jku: 'http://169.254.169.254/latest/meta-data' }), MEMBERS],
    ['x5u', hs({}, { ...HS, x5u: 'https://evil.example/cert.pem' }), MEMBERS],
    ['x5c', hs({}, { ...HS, x5c: ['MIIB'] }), MEMBERS],
    ['x5t', hs({}, { ...HS, x5t: 'AAAA' }), MEMBERS],
    ['crit unknown', hs({}, { ...HS, crit: ['x'], x: 1 }), MEMBERS],
    ['crit empty', hs({}, { ...HS, crit: [] }), MEMBERS],
    ['crit that names exp', hs({}, { ...HS, crit: ['exp'], exp: seconds + 300 }), MEMBERS],
    ['b64 false, as crit', jwsUnencoded({ ...HS, b64: false, crit: ['b64'] }), MEMBERS],
    ['b64 false, not as crit', hs({}, { ...HS, b64: false }), MEMBERS],
    ['zip', hs({}, { ...HS, zip: 'DEF' }), MEMBERS],
    ['cty: a token within a token', hs(genuineHS, { ...HS, cty: 'JWT' }), MEMBERS],
    ['claims in the header', hs({}, { ...HS, sub: 'eve' }), MEMBERS],
    ['__proto__ in the header', hs({}, `${JSON.stringify(HS).slice(0, -1)},"__proto__":{"alg":"none"}}`), MEMBERS],

    // JSON that two readers read differently (RFC 8725, 2.4; RFC 8259, 4)
    ['alg twice, none last', hs({}, `{"alg":"HS256","kid":"${HS.kid}","typ":"chat+jwt","alg":"none"}`), TWICE],
    ['alg twice, none first', hs({}, `{"alg":"none","kid":"${HS.kid}","typ":"chat+jwt","alg":"HS256"}`), TWICE],
    [
      'alg twice, once in escapes',
      hs({}, `{"\\u0061lg":"none","alg":"HS256","kid":"${HS.kid}","typ":"chat+jwt"}`),
      TWICE,
    ],
    ['typ twice', hs({}, `{"typ":"JWT","alg":"HS256","kid":"${HS.kid}","typ":"chat+jwt"}`), TWICE],
    ...Object.entries(good).map(([name, value]): Row => [
      `${name} twice`,
      raw(`${JSON.stringify(name)}:${JSON.stringify(value)}`),
      TWICE,
    ]),
    ['sub twice, once in escapes', raw('"s\\u0075b":"ada"'), TWICE],
    ['sub twice, with white space before the colon', raw('"sub" \n\t:"ada"'), TWICE],
    ['something twice within a claim', raw('"extra":[{"a":1,"a":2}]'), TWICE],
    [
      'sub in __proto__',
      hs(JSON.stringify(without(good, 'sub')).replace('{', '{"__proto__":{"sub":"ada"},')),
      claim('sub'),
    ],
    ['a claim 1,000 deep', raw(`"deep":${nested(1_000)}`), DEEP],
    ['a claim 10,000 deep', raw(`"deep":${nested(10_000)}`), /bytes/, 'token_too_large'],
    ['a header 1,000 deep', hs({}, `{"alg":"HS256","typ":${nested(1_000)}}`), DEEP],
    ...(
      [
        ['nothing', ' '],
        ['null', 'null'],
        ['a number', '7'],
        ['a text', '"HS256"'],
        ['an array', '[]'],
        ['text behind the object', `${JSON.stringify(HS)}x`],
        ['two objects', `${JSON.stringify(HS)}${JSON.stringify(HS)}`],
        ['a comma at the end', JSON.stringify(HS).replace('}', ',}')],
        ['a comment', JSON.stringify(HS).replace('{', '{/**/')],
        ['single quotes', JSON.stringify(HS).replaceAll('"', "'")],
        ['a line break in a text', JSON.stringify(HS).replace('chat', 'ch\nat')],
        ['a byte order mark', `\ufeff${JSON.stringify(HS)}`],
        ['UTF-16', Buffer.from(JSON.stringify(HS), 'utf16le')],
        [
          'no UTF-8',
          Buffer.concat([Buffer.from('{"alg":"HS256","kid":"'), Buffer.from([0xc0, 0xaf]), Buffer.from('"}')]),
        ],
      ] as [string, Part][]
    ).map(([name, part]): Row => [`header: ${name}`, hs({}, part), unreadable('header')]),
    ...['null', '7', '"text"', '[]', `${JSON.stringify(good)}x`, `\ufeff${JSON.stringify(good)}`].map((text): Row => [
      `payload: ${JSON.stringify(text.slice(0, 12))}`,
      hs(text),
      /(payload (cannot|is no)|it cannot be read)/,
    ]),

    // Form and size
    ['1 MB', raw(`"pad":"${'x'.repeat(1_000_000)}"`), /bytes/, 'token_too_large'],
    ['4 KB and one byte', genuineHS.padEnd(4_097, 'A'), /4097 bytes/, 'token_too_large'],
    ['nothing', '', FORM],
    ['two dots', '..', FORM],
    ['undefined', 'undefined', FORM],
    ['two parts', `${header}.${payload}`, FORM],
    ['four parts', `${genuineHS}.${signature}`, FORM],
    ['five parts, as an encrypted token has', `${header}.AA.${payload}.AA.AA`, FORM],
    ['a blank before', ` ${genuineHS}`, FORM],
    ['a line break behind', `${genuineHS}\n`, FORM],
    ['a line break within', genuineHS.replace('.', '.\n'), FORM],
    ['a line break within the signature', replaced(`${signature.slice(0, 9)}\r\n${signature.slice(9)}`), FORM],
    ['a tab within the payload', `${header}.${payload.slice(0, 8)}\t${payload.slice(8)}.${signature}`, FORM],
    ['a NUL behind', `${genuineHS}\u0000`, FORM],
    ['padding', `${genuineHS}=`, FORM],
    ['the other base64 alphabet', replaced('+/'.repeat(21) + 'A'), FORM],
    ['quotes around', `"${genuineHS}"`, FORM],
    ['Bearer before', `Bearer ${genuineHS}`, FORM],
    ['dots in percent signs', genuineHS.replaceAll('.', '%2E'), FORM],
    ['full-width dots', genuineHS.replaceAll('.', '．'), FORM],
    ['a letter of another script', genuineHS.replace('e', 'е'), FORM],
    ['the JSON form of RFC 7515, 7.2', JSON.stringify({ protected: header, payload, signature }), FORM],

    // Signature
    ['signature cut by a byte', replaced(Buffer.from(signature, 'base64url').subarray(0, -1)), SIGNATURE],
    ['signature cut by half', replaced(Buffer.from(signature, 'base64url').subarray(0, 16)), SIGNATURE],
    ['signature of one byte', replaced(Buffer.alloc(1)), SIGNATURE],
    [
      'signature with a byte more',
      replaced(Buffer.concat([Buffer.from(signature, 'base64url'), Buffer.alloc(1)])),
      SIGNATURE,
    ],
    ['signature with one bit changed', replaced(flipped(signature)), SIGNATURE],
    ['signature with other unused bits: the same bytes in another text', replaced(otherUnusedBits(signature)), FORM],
    ['signature that is no whole byte', replaced('A'), FORM],
    ['no signature', replaced(''), FORM],
    ['signature of zeros', replaced(Buffer.alloc(32)), SIGNATURE],
    ['signature of another token', replaced(parts(hs({ jti: 'j2' }))[2]), SIGNATURE],
    ['signature over the payload alone', replaced(withSecret(payload)), SIGNATURE],
    ['a changed payload', `${header}.${encode({ ...good, sub: 'eve' })}.${signature}`, SIGNATURE],
    ['a changed header', `${encode(without(HS, 'kid'))}.${payload}.${signature}`, SIGNATURE],
    ['HMAC with an empty key', hs({}, HS, hmac('')), SIGNATURE],
    ['HMAC with the kid as the key', hs({}, HS, hmac(HS.kid)), SIGNATURE],
    ['HMAC with the secret cut', hs({}, HS, hmac(SECRET.slice(0, -1))), SIGNATURE],
    ['HMAC with the secret decoded from base64', hs({}, HS, hmac(Buffer.from(SECRET, 'base64'))), SIGNATURE],
    ['HMAC with the secret and a line break', hs({}, HS, hmac(UNTRIMMED_SECRET)), SIGNATURE],

    // Of another kind (RFC 8725, 2.8 and 3.11)
    ...['JWT', 'at+jwt', 'dpop+jwt', 'logout+jwt', 'chat', 'chat+jwt2', 'chat+jwt;a=b', ''].map((typ): Row => [
      `typ ${JSON.stringify(typ)}`,
      hs({}, { ...HS, typ }),
      claim('typ'),
    ]),
    ...[null, 7, ['chat+jwt']].map((typ): Row => [`typ ${JSON.stringify(typ)}`, hs({}, { ...HS, typ }), claim('typ')]),
    ['no typ', hs({}, without(HS, 'typ')), claim('typ')],

    // Claims (RFC 8725, 3.8 to 3.10)
    ...Object.keys(good).map((name): Row => [`no ${name}`, jws(HS, without(good, name), withSecret), claim(name)]),
    ...['iss', 'aud'].flatMap((name) =>
      [null, 'other', 'LATCHKIT', 'latchkit ', 'latchkit/', 'latchkit.evil.example', '', { latchkit: true }].map(
        (value): Row => [`${name} ${JSON.stringify(value)}`, hs({ [name]: value }), claim(name)],
      ),
    ),
    ['iss in a list', hs({ iss: ['latchkit'] }), claim('iss')],
    ['aud: ours and another', hs({ aud: ['latchkit', 'other'] }), claim('aud')],
    ['aud: another and ours', hs({ aud: ['other', 'latchkit'] }), claim('aud')],
    ['aud: ours in a list', hs({ aud: ['latchkit'] }), claim('aud')],
    ['aud: an empty list', hs({ aud: [] }), claim('aud')],
    ['aud: a list in a list', hs({ aud: [['latchkit']] }), claim('aud')],
    ...[null, 7, '', 'read', 'chatty', 'chat:read', 'CHAT', ['chat'], { chat: true }].map((scope): Row => [
      `scope ${JSON.stringify(scope)}`,
      hs({ scope }),
      claim('scope'),
    ]),
    ...['sub', 'sid', 'jti'].flatMap((name): Row[] => [
      ...[null, 0, true, ['ada'], { id: 'ada' }].map((value): Row => [
        `${name} ${JSON.stringify(value)}`,
        hs({ [name]: value }),
        /is no id|claim "(sub|jti)"/,
      ]),
      [`${name} empty`, hs({ [name]: '' }), ID],
      [`${name} with a blank`, hs({ [name]: 'ada lovelace' }), ID],
      [`${name} with a blank behind`, hs({ [name]: 'ada ' }), ID],
      [`${name} with a line break`, hs({ [name]: 'ada\r\nset-cookie:x' }), ID],
      [`${name} with a NUL`, hs({ [name]: 'ada\u0000' }), ID],
      [`${name} with a no-break space`, hs({ [name]: 'ada\u00a0' }), ID],
      [`${name} with a zero-width space`, hs({ [name]: 'a\u200bda' }), ID],
      [`${name} with a zero-width joiner`, hs({ [name]: 'a\u200dda' }), ID],
      [`${name} with a byte order mark`, hs({ [name]: '\ufeffada' }), ID],
      [`${name} with a change of direction`, hs({ [name]: '\u202eada' }), ID],
      [`${name} with a soft hyphen`, hs({ [name]: 'a\u00adda' }), ID],
      [`${name} with half a character`, swap(name, '"ada\\ud800"'), ID],
      [`${name} of 129 characters`, hs({ [name]: 'a'.repeat(129) }), ID],
    ]),

    // Times
    ['exp 6 s ago', hs({ iat: seconds - 306, exp: seconds - 6 }), /expired/, 'token_expired'],
    ['exp 0', hs({ exp: 0 }), /expired/, 'token_expired'],
    ['exp negative', hs({ exp: -1 }), /expired/, 'token_expired'],
    ['exp before iat', hs({ iat: seconds + 5, exp: seconds + 1 }), TIMES],
    ['exp at iat', hs({ iat: seconds, exp: seconds }), TIMES, 'token_invalid'],
    ['exp 901 s after iat', hs({ exp: seconds + 901 }), /lives longer/],
    ['exp in a year', hs({ exp: seconds + 31_536_000 }), /lives longer/],
    ['exp in milliseconds', hs({ exp: (seconds + 300) * 1000 }), /lives longer/],
    ['exp 2^53', hs({ exp: 2 ** 53 }), TIMES],
    ['exp 1e308', swap('exp', '1e308'), TIMES],
    ['exp 1e999, which reads as infinite', swap('exp', '1e999'), TIMES],
    ['exp fractional', hs({ exp: seconds + 299.5 }), TIMES],
    ['iat 6 s ahead', hs({ iat: seconds + 6 }), claim('iat')],
    ['iat 906 s ago', hs({ iat: seconds - 906 }), claim('iat')],
    ['iat 0', hs({ iat: 0 }), claim('iat')],
    ['iat negative', hs({ iat: -seconds }), claim('iat')],
    ['iat fractional', hs({ iat: seconds - 0.5 }), TIMES],
    ['iat -1e308', swap('iat', '-1e308'), claim('iat')],
    ['iat in milliseconds', hs({ iat: seconds * 1000 }), claim('iat')],
    ['nbf 6 s ahead', hs({ nbf: seconds + 6 }), claim('nbf')],
    ['nbf 1e308', swap('nbf', '1e308'), claim('nbf')],
    ...['iat', 'exp', 'nbf'].flatMap((name) =>
      ['"@"', 'null', 'true', '[@]', '{}', '"2030-01-01T00:00:00Z"'].map((text): Row => {
        const literal = text.replace('@', String(seconds + (name === 'exp' ? 300 : 0)));
        return [`${name} ${literal}`, swap(name, literal), claim(name)];
      }),
    ),
  ];

  const untrimmed: Row[] = [
    ['HMAC with the secret trimmed', hs({}, { ...HS, kid: kidOf(UNTRIMMED_SECRET) }), SIGNATURE],
    ['HMAC with the secret trimmed, under its own name', genuineHS, KEY],
  ];

  const es = (signer = withES256, head: Part = ES) => jws(head, good, signer);
  const publicES = createPublicKey({ key: ES256.privateKey, format: 'jwk' });
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const [zero, one] = [Buffer.alloc(32), Buffer.alloc(32).fill(1, 31)];
  const genuineES = es();
  const [r, s] = [0, 32].map((at) => Buffer.from(parts(genuineES)[2], 'base64url').subarray(at, at + 32)) as [
    Buffer,
    Buffer,
  ];
  const publicPem = publicES.export({ type: 'spki', format: 'pem' }) as string;
  const es256: Row[] = [
    // The public key as a shared secret (RFC 8725, 2.1)
    ...(
      [
        ['as PEM', publicPem],
        ['as PEM without the last line break', publicPem.trimEnd()],
        ['as DER', publicES.export({ type: 'spki', format: 'der' })],
        ['as a JWK', JSON.stringify(publicES.export({ format: 'jwk' }))],
        [
          'as its point',
          Buffer.concat([
            Buffer.from([4]),
            ...(['x', 'y'] as const).map((name) => Buffer.from(ES256.privateKey[name], 'base64url')),
          ]),
        ],
        ['as its x', Buffer.from(ES256.privateKey.x, 'base64url')],
      ] as [string, string | Buffer][]
    ).map(([name, key]): Row => [
      `HS256 with the public key ${name}`,
      es(hmac(key), { ...ES, alg: 'HS256' }),
      ALGORITHM,
    ]),
    ['HS256 with an empty key', es(hmac(''), { ...ES, alg: 'HS256' }), ALGORITHM],
    ['none', `${encode({ ...ES, alg: 'none' })}.${encode(good)}.AA`, ALGORITHM],
    ['EdDSA by a key of one’s own', es(eddsa(strangerEd), { ...ES, alg: 'EdDSA' }), ALGORITHM],
    ['ES384', es(withES256, { ...ES, alg: 'ES384' }), ALGORITHM],
    ['ES256K', es(withES256, { ...ES, alg: 'ES256K' }), ALGORITHM],
    ['a key of one’s own under the right kid', es(ecdsa(strangerJwk)), SIGNATURE],
    ['a kid of nobody', es(withES256, { ...ES, kid: 'es-2' }), KEY],
    [
      'jwk: the key comes along',
      es(ecdsa(strangerJwk), { ...ES, jwk: stranger.publicKey.export({ format: 'jwk' }) }),
      MEMBERS,
    ],
    // Signatures that faulty checks let pass (CVE-2022-21449 and Wycheproof’s ecdsa_p1363)
    ...(
      [
        ['r and s zero', [zero, zero]],
        ['r zero', [zero, s]],
        ['s zero', [r, zero]],
        ['r zero and s one', [zero, one]],
        ['r and s one', [one, one]],
        ['r the order of the group', [order, s]],
        ['s the order of the group', [r, order]],
        ['r and s the order of the group', [order, order]],
        ['r and s as large as can be', [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0xff)]],
        ['s and r', [s, r]],
        ['r alone', [r]],
        ['with 32 bytes more', [r, s, zero]],
        ['with zeros before each', [zero, r, zero, s]],
        ['empty but for a byte', [Buffer.alloc(1)]],
      ] as [string, Buffer[]][]
    ).map(([name, bytes]): Row => [`signature: ${name}`, replaced(Buffer.concat(bytes), genuineES), SIGNATURE]),
    ['signature in DER, as other formats have it', es(ecdsa(ES256.privateKey, 'der')), SIGNATURE],
  ];

  const ed = (signer = withEdDSA, head: Part = ED) => jws(head, good, signer);
  const genuineED = ed();
  const bytes = Buffer.from(parts(genuineED)[2], 'base64url');
  const identity = Buffer.alloc(32).fill(1, 0, 1);
  const edDSA: Row[] = [
    [
      'HS256 with the public key',
      ed(hmac(Buffer.from(EDDSA.privateKey.x, 'base64url')), { ...ED, alg: 'HS256' }),
      ALGORITHM,
    ],
    ['the algorithm by its newer name', ed(withEdDSA, { ...ED, alg: 'Ed25519' }), ALGORITHM],
    ['ES256 by a key of one’s own', ed(ecdsa(strangerJwk), { ...ED, alg: 'ES256' }), ALGORITHM],
    ['a key of one’s own under the right kid', ed(eddsa(strangerEd)), SIGNATURE],
    ['signature: zeros', replaced(Buffer.alloc(64), genuineED), SIGNATURE],
    ['signature: the neutral point and zero', replaced(Buffer.concat([identity, zero]), genuineED), SIGNATURE],
    [
      'signature: s plus the order of the group, the same signature once more',
      replaced(plusOrder(bytes), genuineED),
      SIGNATURE,
    ],
    ['signature: cut', replaced(bytes.subarray(0, 63), genuineED), SIGNATURE],
    ['signature: with a byte more', replaced(Buffer.concat([bytes, Buffer.alloc(1)]), genuineED), SIGNATURE],
  ];

  return (
    [
      ['secret', secret],
      ['untrimmed', untrimmed],
      ['ES256', es256],
      ['EdDSA', edDSA],
    ] as [Against, Row[]][]
  ).flatMap(([against, rows]) =>
    rows.map(([name, token, because, code = 'token_invalid']) => ({ name, against, token, because, code })),
  );

  /** RFC 7797: the payload as it is, not encoded. */
  function jwsUnencoded(head: object): string {
    const text = 'payload';
    const signed = withSecret(`${encode(head)}.${text}`).toString('base64url');
    return `${encode(head)}.${text}.${signed}`;
  }
}

function flipped(signature: string): Buffer {
  const bytes = Buffer.from(signature, 'base64url');
  bytes[7]! ^= 1;
  return bytes;
}

/** 32 bytes take 42⅔ characters: two bits of the last say nothing. */
function otherUnusedBits(signature: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return signature.slice(0, -1) + alphabet[alphabet.indexOf(signature.at(-1)!) + 1]!;
}

/** S of an Ed25519 signature is little-endian; RFC 8032, 5.1.7 wants it below the order, or each signature has a twin. */
function plusOrder(signature: Buffer): Buffer {
  const order = 2n ** 252n + 27742317777372353535851937790883648493n;
  let sum = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
  const result = Buffer.from(signature);
  for (let at = 32; at < 64; at++, sum >>= 8n) result[at] = Number(sum & 0xffn);
  return result;
}

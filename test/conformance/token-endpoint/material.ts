/** What the vectors are signed with. Made for these tests alone, and good for nothing else. */
export const SECRET = 'a-secret-for-tests-of-at-least-32-bytes';
/** What a careless copy and paste makes of it. */
export const UNTRIMMED_SECRET = `${SECRET}\n`;

export const ES256 = {
  kid: 'es-1',
  alg: 'ES256',
  privateKey: {
    kty: 'EC',
    x: 'rDHoAOzv6a_Qth7tSsAhSHN_tlRqkVl6K7W88Pseex8',
    y: '9nb2anq5iivZ67lVZdSJt_j9Tvxlw7tSStXKVygvR38',
    crv: 'P-256',
    d: '9Bt_aer_OCbvNa3WTyXNbjg2RRJZp7b2KuzfmoY0ZTk',
  },
} as const;
export const EDDSA = {
  kid: 'ed-1',
  alg: 'EdDSA',
  privateKey: {
    crv: 'Ed25519',
    d: '8ZCFFGFug4GnzoeawWyTsG8LeK6IJAIHWv3NSwySgSk',
    x: 'yTUkXQ8aYj_KyEXRsLr8dQDlu8AV4OTKVwgsI28vSOY',
    kty: 'OKP',
  },
} as const;

/** The moment at which the vectors are checked, ms since 1970. */
export const NOW = Date.UTC(2030, 0, 1);

/** Which server a token is shown to: what it checks signatures with. */
export type Against = 'secret' | 'untrimmed' | 'ES256' | 'EdDSA';

import { describe, expect, it } from 'vitest';
import { isAllowed } from './media-types.ts';
import { checkAttachmentOptions, type AttachmentOptions } from './options.ts';

describe('attachments', () => {
  it('{} takes all defaults', () => {
    expect(checkAttachmentOptions({})).toMatchObject({
      place: { directory: '.latchkit/files' },
      maxBytes: 26_214_400,
      linkTtlSeconds: 3_600,
      perUserBytesPerDay: 1_073_741_824,
    });
  });

  it.each([
    ['directory', { directory: '' }],
    ['directory', { directory: 'x', s3: { bucket: 'b' } }],
    ['s3.bucket', { s3: {} }],
    ['scan', { scan: 'clamav' }],
    ['types', { types: [] }],
    ['types', { types: ['*/*'] }],
    ['types', { types: ['png'] }],
    ['types', { types: 'image/png' }],
    ['maxBytes', { maxBytes: 0 }],
    ['maxBytes', { maxBytes: 1.5 }],
    ['perUserBytesPerDay', { maxBytes: 1_000, perUserBytesPerDay: 999 }],
    ['linkTtlSeconds', { linkTtlSeconds: 59 }],
    ['linkTtlSeconds', { linkTtlSeconds: 604_801 }],
  ])('a wrong %s is refused by name: %j', (name, options) => {
    expect(() => checkAttachmentOptions(options as unknown as AttachmentOptions)).toThrow(
      expect.objectContaining({
        code: 'invalid_options',
        message: expect.stringContaining(`attachments.${name}`) as string,
      }),
    );
  });

  it('wildcards never mean what a browser runs', () => {
    const { types } = checkAttachmentOptions({ types: ['image/*', 'text/*', 'application/*'] });
    expect(['image/png', 'text/plain', 'application/pdf'].every((type) => isAllowed(type, types))).toBe(true);
    for (const type of [
      'image/svg+xml',
      'text/html',
      'text/javascript',
      'text/xml',
      'application/xml',
      'application/xhtml+xml',
    ]) {
      expect(isAllowed(type, types), type).toBe(false);
      expect(isAllowed(type, [type]), type).toBe(true);
    }
  });
});

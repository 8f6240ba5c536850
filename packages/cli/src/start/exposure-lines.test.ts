import { describe, expect, it } from 'vitest';
import { exposureLines } from './exposure-lines.ts';

describe('the local cloud tells', () => {
  it('that it is for this machine alone', () => {
    expect(exposureLines({ host: undefined, publicHost: undefined })).toEqual([
      expect.stringMatching(/for development only; listens on this machine alone/),
    ]);
  });

  it('that whoever reaches it can sign in, where it lets others in', () => {
    expect(exposureLines({ host: '0.0.0.0', publicHost: 'cloud.test' })).toEqual([
      expect.stringMatching(/for development only; listens on 0\.0\.0\.0/),
      expect.stringMatching(/Warning: whoever reaches it can sign in as anybody/),
    ]);
    expect(exposureLines({ host: '192.0.2.7', publicHost: undefined })).toHaveLength(2);
  });

  it.each(['0.0.0.0', '::'])('that it has no name for others, on %s', (host) => {
    expect(exposureLines({ host, publicHost: undefined })[2]).toContain('--public-host');
  });
});

import { describe, expect, it } from 'vitest';
import { adviceAsOne, adviceForAll } from '../../../../src/cli/views/advice-for-all.ts';

const see = (host: string) =>
  `see: fcops status --limit ${host}; to start it: fcops start p1 --limit ${host}`;

describe('advice for several hosts', () => {
  it('has all of them in each of its commands', () => {
    const group = ['p1-50', 'p1-51'].map((host) => ({
      host,
      next: see(host),
      commands: [`fcops status --limit ${host}`],
    }));
    expect(adviceForAll(group)).toEqual({
      text: "see: fcops status --limit 'p1-[50:51]'; to start it: fcops start p1 --limit 'p1-[50:51]'",
      commands: ["fcops status --limit 'p1-[50:51]'"],
    });
  });

  it('is an example, and says so, where each needs a command of its own', () => {
    const group = ['p1-50', 'p1-51'].map((host) => ({ host, next: `fcops trust ${host}` }));
    expect(adviceForAll(group)?.text).toBe(
      'fcops trust p1-50; likewise for the others, as --output json says',
    );
  });

  it('is none where nothing is to be done', () => {
    expect(adviceForAll([{ host: 'p1-50' }])).toBeUndefined();
    expect(adviceForAll([])).toBeUndefined();
  });
});

describe('advice for several processes', () => {
  it('has their numbers as a range', () => {
    const nexts = ['1', '2'].map((number) => ({ number, text: `see /opt/w-${number}p1/log.txt` }));
    expect(adviceAsOne(nexts)).toBe('see /opt/w-[1:2]p1/log.txt');
  });

  it('is an example, and says so, where each has an id of its own', () => {
    const nexts = ['1', '2'].map((number) => ({
      number,
      text: `worker-resume --uuid ${number}f-${number}a`,
    }));
    expect(adviceAsOne([...nexts, { number: '3', text: 'worker-resume --uuid 77' }])).toBe(
      'worker-resume --uuid 1f-1a; likewise for the others, as --output json says',
    );
  });
});

import { describe, expect, it } from 'vitest';
import { readRunningVersion, readVersion } from '../../../src/lotus/versions.ts';
import { answer } from './samples.ts';

const version = { release: '1.11.1', network: 'mainnet', commit: '15d90c24e', isDirty: false };

describe('a version', () => {
  it.each([
    ['lotus version 1.11.1+mainnet+git.15d90c24e', { program: 'lotus', ...version }],
    [
      'lotus-miner version 1.11.1+mainnet+git.15d90c24e.dirty',
      { program: 'lotus-miner', ...version, isDirty: true },
    ],
    [
      'lotus-worker version 1.11.1-rc2+2k+git.15d90c24e',
      { program: 'lotus-worker', ...version, release: '1.11.1-rc2', network: '2k' },
    ],
    [
      'lotus version 1.2.1+git.df66f48f6',
      { program: 'lotus', release: '1.2.1', network: null, commit: 'df66f48f6', isDirty: false },
    ],
    [
      'lotus version 1.11.1',
      { program: 'lotus', release: '1.11.1', network: null, commit: null, isDirty: false },
    ],
  ])('%s', (line, value) => {
    expect(readVersion(answer(`${line}\n`))).toEqual({ type: 'understood', value });
  });

  it.each([
    '',
    'lotus version\n',
    'lotus version 1.11\n',
    'boost version 1.11.1\n',
    'lotus version 1.11.1 x\n',
  ])('none: %j', (text) => {
    expect(readVersion(answer(text))).toMatchObject({ type: 'not understood' });
  });

  it('of what runs, and of the file', () => {
    const text =
      'Daemon:  1.11.0+mainnet+git.15d90c24e+api1.3.0\nLocal: lotus version 1.11.1+mainnet+git.15d90c24e\n';
    expect(readRunningVersion(answer(text))).toEqual({
      type: 'understood',
      value: { running: { ...version, release: '1.11.0' }, file: { program: 'lotus', ...version } },
    });
    expect(readRunningVersion(answer(text.replace('Local: ', '')))).toMatchObject({ type: 'not understood' });
  });
});

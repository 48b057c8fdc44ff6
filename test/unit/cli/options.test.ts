import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { batchOptions, runOptions, savedOptions } from '../../../src/cli/options.ts';

const read = (...argv: string[]): Record<string, unknown> => {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const option of [...batchOptions(), ...runOptions(), ...savedOptions()]) command.addOption(option);
  return command.parse(argv, { from: 'user' }).opts();
};

describe('batches', () => {
  it.each(['--batch', '--serial'])('are numbers of hosts and percentages: %s', (option) => {
    expect(read(option, '1, 25%,100%').batch).toEqual([{ hosts: 1 }, { percent: 25 }, { percent: 100 }]);
  });

  it('are none where nothing is said, and then no host may fail unseen', () => {
    expect(read()).toMatchObject({ batch: [], maxFail: { hosts: 0 } });
    expect(read('--max-fail', '10%').maxFail).toEqual({ percent: 10 });
    expect(read('--max-fail', '3').maxFail).toEqual({ hosts: 3 });
  });

  it.each(['', 'all', '1,', '0', '1,0%', '101%', '-1', '1.5', '12345'])('are refused: "%s"', (sizes) => {
    expect(() => read('--batch', sizes)).toThrow(/It is a number of hosts|A batch has at least one host/);
  });
});

it('takes tags one by one and with commas, and a number of forks', () => {
  expect(read('-t', 'scripts, tuning', '-t', 'start').tags).toEqual(['scripts', 'tuning', 'start']);
  expect(read('-f', '200').forks).toBe(200);
  for (const forks of ['0', '1e3', 'many']) expect(() => read('-f', forks)).toThrow('a number of hosts');
  expect(() => read('-t', ' , ')).toThrow('Name at least one tag');
});

it('takes as the life of a saved plan no more than 30 days', () => {
  expect(read('--valid', '720h').valid).toBe(30 * 24 * 3600);
  expect(read('--valid', '3d').valid).toBe(3 * 24 * 3600);
  for (const time of ['721h', '100000h', '43201m'])
    expect(() => read('--valid', time)).toThrow('It is 30 days at the most: 30d.');
});

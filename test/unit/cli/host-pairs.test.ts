import { describe, expect, it } from 'vitest';
import { hostPairs } from '../../../src/cli/host-pairs.ts';

describe('hostPairs', () => {
  it('is one host, or as many as a range of each counts', () => {
    expect(hostPairs('p1-74', '10.0.0.74')).toEqual([{ name: 'p1-74', address: '10.0.0.74' }]);
    expect(hostPairs('p1-[08:10]', '10.[0:2].0.1')).toEqual([
      { name: 'p1-08', address: '10.0.0.1' },
      { name: 'p1-09', address: '10.1.0.1' },
      { name: 'p1-10', address: '10.2.0.1' },
    ]);
  });

  it('has an address to listen on for each, where one is given', () => {
    expect(hostPairs('p1-[8:9]', '10.0.0.[8:9]', '172.16.0.[18:19]')).toEqual([
      { name: 'p1-8', address: '10.0.0.8', listen: '172.16.0.18' },
      { name: 'p1-9', address: '10.0.0.9', listen: '172.16.0.19' },
    ]);
    expect(() => hostPairs('p1-[8:9]', '10.0.0.[8:9]', '172.16.0.18')).toThrow(
      'p1-[8:9] is 2 hosts, and 172.16.0.18 one address',
    );
  });

  it.each([
    ['p1-[74:79]', '10.0.0.[74:78]', 'p1-[74:79] is 6 hosts, and 10.0.0.[74:78] 5 addresses'],
    ['p1-74', '10.0.0.[74:78]', 'p1-74 is one host, and 10.0.0.[74:78] 5 addresses'],
    ['p1-[79:74]', '10.0.0.[74:79]', 'the range p1-[79:74] counts down'],
    ['p1-[ab]', '10.0.0.1', '"p1-[ab]" is neither a host nor a range of them'],
    ['p1-[74:79', '10.0.0.[74:79]', '"p1-[74:79" is neither a host nor a range of them'],
    ['[1:2]-[3:4]', '10.0.0.[1:2]', '"[1:2]-[3:4]" is neither a host nor a range of them'],
    ['p1-[1:999999999]', '10.0.0.1', 'the range p1-[1:999999999] has 999999999 numbers'],
  ])('refuses %s with %s', (name, address, what) => {
    expect(() => hostPairs(name, address)).toThrow(what);
  });
});

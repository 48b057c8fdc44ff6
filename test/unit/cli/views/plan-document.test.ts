import { describe, expect, it } from 'vitest';
import { PLAIN_WORDS } from '../../../../src/cli/text/words.ts';
import { planDocument, planDocumentSchema } from '../../../../src/cli/views/plan-document.ts';
import {
  ADDRESSES,
  directoryItem,
  planned,
  rebootItem,
  restartItem,
  result,
  scriptItem,
  sysctlItem,
  unknownItem,
  violatedItem,
} from './samples.ts';

const subject = { miner: 'f0494733', role: 'p1', addresses: ADDRESSES, words: PLAIN_WORDS };

describe('planDocument', () => {
  const document = planDocument(subject, [
    planned('p1-50', [
      directoryItem,
      scriptItem('192.168.10.50'),
      sysctlItem,
      rebootItem,
      restartItem('P1-1'),
      restartItem('P1-2'),
      violatedItem('warn'),
    ]),
    planned('p1-51', [violatedItem('enforce'), sysctlItem, unknownItem]),
    planned('p1-52', [restartItem('P1-1')], 12),
    {
      state: 'ended',
      result: result('p1-53', { state: 'unreachable', problems: [{ kind: 'connect', what: 'no route' }] }),
    },
    {
      state: 'ended',
      result: result('p1-54', { state: 'blocked', problems: [{ kind: 'unseen', what: 'it broke off' }] }),
    },
  ]);

  it('is what its schema says, also after a trip through JSON', () => {
    expect(planDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  it('says for each host what a deploy would do', () => {
    expect(document.hosts.map(({ host, state }) => [host, state])).toEqual([
      ['p1-50', 'changes'],
      ['p1-51', 'blocked'],
      ['p1-52', 'same'],
      ['p1-53', 'unreachable'],
      ['p1-54', 'blocked'],
    ]);
  });

  it('counts what a deploy would do, and nothing on hosts that it would not touch', () => {
    expect(document.counts).toEqual({
      hosts: 5,
      changing: 1,
      same: 1,
      blocked: 2,
      unreachable: 1,
      create: 2,
      update: 1,
      remove: 0,
      run: 0,
      unknown: 1,
      violated: 1,
      warnings: 1,
      waiting: 0,
      reboot: 1,
      restart: 3,
      idle: 0,
    });
  });

  it('holds no step', () => expect(JSON.stringify(document)).not.toContain('hidden-in-a-step'));
});

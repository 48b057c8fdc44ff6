import { describe, expect, it } from 'vitest';
import { planDocument, planDocumentSchema } from '../../../../src/cli/views/plan-document.ts';
import {
  ADDRESSES,
  directoryItem,
  planned,
  rebootItem,
  result,
  scriptItem,
  sysctlItem,
  unknownItem,
  violatedItem,
} from './samples.ts';

const subject = { miner: 'f0494733', role: 'p1', addresses: ADDRESSES };

describe('planDocument', () => {
  const document = planDocument(subject, [
    planned('p1-50', [
      directoryItem,
      scriptItem('192.168.10.50'),
      sysctlItem,
      rebootItem,
      violatedItem('warn'),
    ]),
    planned('p1-51', [violatedItem('enforce'), sysctlItem, unknownItem]),
    planned('p1-52', [], 12),
    { state: 'ended', result: result('p1-53', { state: 'unreachable', problems: [{ what: 'no route' }] }) },
    { state: 'ended', result: result('p1-54', { state: 'blocked', problems: [{ what: 'it broke off' }] }) },
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
      reboot: 1,
    });
  });

  it('holds no step', () => expect(JSON.stringify(document)).not.toContain('s3cr3t-in-a-step'));
});

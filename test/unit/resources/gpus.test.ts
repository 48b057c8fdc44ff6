import { describe, expect, it } from 'vitest';
import { gpusOf } from '../../../src/resources/gpus/look.ts';
import { answerOf } from '../../../src/resources/look.ts';
import { isListening } from '../../../src/resources/ports/look.ts';

const gpus = (...rows: readonly (readonly string[])[]) => gpusOf({ answer: answerOf(rows) });

describe('GPUs as their driver tells them', () => {
  it('have the addresses of the facts', () => {
    const text = '00000000:21:00.0, NVIDIA GeForce RTX 3090, 98, 10240, 24268, 71\\n';
    expect(gpus(['gpus', 'asked', '0', text])).toEqual({
      type: 'told',
      gpus: [
        {
          address: '0000:21:00.0',
          name: 'NVIDIA GeForce RTX 3090',
          busy: 98,
          memoryUsed: 10_240,
          memoryTotal: 24_268,
          temperature: 71,
        },
      ],
    });
  });

  it('may not tell everything', () => {
    expect(
      gpus(['gpus', 'asked', '0', '0000:AF:00.0, Quadro, [N/A], 1, 2, [Not Supported]\\n']),
    ).toMatchObject({
      gpus: [{ address: '0000:af:00.0', busy: null, memoryUsed: 1, temperature: null }],
    });
  });

  it.each([
    [['gpus', 'not loaded'], { type: 'driver not loaded' }],
    [['gpus', 'nobody'], { type: 'unknown', why: 'there is no nvidia-smi' }],
    [['gpus', 'late'], { type: 'unknown', why: 'nvidia-smi gave no answer within 5 s' }],
    [['gpus', 'asked', '124', ''], { type: 'unknown', why: 'nvidia-smi gave no answer within 5 s' }],
    [
      ['gpus', 'asked', '9', "NVIDIA-SMI has failed because it couldn't communicate\\n"],
      { type: 'unknown', why: "NVIDIA-SMI has failed because it couldn't communicate" },
    ],
    [['gpus', 'asked', '0', 'hello\\n'], { type: 'unknown', why: 'nvidia-smi is not understood: hello' }],
    [['other'], { type: 'unknown', why: 'the host did not answer for its GPUs' }],
  ])('of %j are %j', (row, expected) => {
    expect(gpus(row)).toEqual(expected);
  });
});

describe('a port', () => {
  const listens = (...rows: readonly (readonly string[])[]) =>
    isListening({ answer: answerOf(rows) }, '10.0.0.5', 10_001);
  const at = (address: string) => listens(['listens', '10001', address], ['ports', 'seen']);

  it('is listened on at the address of its host, or at all', () => {
    expect([at('0500000A'), at('00000000'), at('0'.repeat(32))]).toEqual([true, true, true]);
    expect(at('0000000000000000FFFF00000500000A')).toBe(true);
  });

  it('is not, or nobody can tell', () => {
    expect(listens(['listens', '10002', '00000000'], ['ports', 'seen'])).toBe(false);
    expect(at('0100007F')).toBeNull();
    expect(listens()).toBeNull();
  });
});

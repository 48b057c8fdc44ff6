import { describe, expect, it } from 'vitest';
import { answerOf } from '../../../src/resources/look.ts';
import { parseFacts } from '../../../src/resources/machine/look.ts';

const ROWS = `hostname	vm
kernel	5.4.0-42-generic
boot	728eaee4-c384-47d5-8fb2-ccbedb5360be
cmdline	BOOT_IMAGE=/vmlinuz dyndbg="file a.c +p" ro
systemd	yes
os	ID	debian
memory	16000000
cpu	vendor_id	AuthenticAMD
cpu	model name	AMD EPYC
cpu	siblings	4
cpu	cpu cores	2
online	0-7`;

const rowsOf = (text: string) => answerOf(text.split('\n').map((line) => ['fact', ...line.split('\t')]));

describe('facts', () => {
  it('of a virtual machine without NUMA nodes and caches are sensible', () => {
    const facts = parseFacts(rowsOf(ROWS));
    expect(facts).toMatchObject({
      ok: true,
      value: {
        os: { id: 'debian', version: '' },
        kernelArguments: ['BOOT_IMAGE=/vmlinuz', 'dyndbg="file a.c +p"', 'ro'],
        cpu: { vendor: 'amd', count: 8, sockets: 2, coresPerSocket: 2, threadsPerCore: 2 },
        numaNodes: [{ id: 0, cpus: [0, 1, 2, 3, 4, 5, 6, 7], memoryKib: 16000000 }],
        l3Groups: [[0, 1, 2, 3, 4, 5, 6, 7]],
        gpus: [],
      },
    });
  });

  it('have the bus of a GPU as a decimal number, and nodes in the order of their numbers', () => {
    const more = `${ROWS}\nnode\t10\t5\t4-7\nnode\t2\t6\t0-3\ngpu\t0000:21:00.0\t2\ngpu\t0000:c1:00.0\t-1`;
    expect(parseFacts(rowsOf(more))).toMatchObject({
      value: {
        numaNodes: [{ id: 2 }, { id: 10 }],
        gpus: [
          { address: '0000:21:00.0', busId: 33, numaNode: 2 },
          { address: '0000:c1:00.0', busId: 193, numaNode: -1 },
        ],
      },
    });
  });

  it('that are missing are named with where they come from', () => {
    const less = ROWS.split('\n').filter((row) => !/^(hostname|memory)/.test(row));
    expect(parseFacts(rowsOf(less.join('\n')))).toEqual({
      ok: false,
      error:
        'the host did not tell all of its facts: hostname (/proc/sys/kernel/hostname), memoryKib (MemTotal in /proc/meminfo), numaNodes (/sys/devices/system/node)',
    });
  });

  it('that cannot be read are an error, not a crash', () => {
    expect(parseFacts(rowsOf(`${ROWS}\nl3\tnone`))).toMatchObject({
      ok: false,
      error: expect.stringContaining('"none"'),
    });
  });
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bootRisksQuery } from '../../../../src/ops/reboot/boot-risks.ts';

const read = (...rows: string[]) => bootRisksQuery.parse(`${rows.join('\n')}\n`);

it('what may keep a machine from booting is put into words, one a line', () => {
  expect(read('fstab\t7\t/dev/md0\t/opt/raid0', 'array\tmd0\t1', 'unit\tsmartd.service', 'over')).toEqual({
    ok: true,
    value: [
      '/etc/fstab, line 7: /dev/md0 at /opt/raid0 has no nofail; where it is not there the boot stops and waits for somebody (emergency mode)',
      'md0 lacked 1 disk before it was rebooted',
      'smartd.service had failed before it was rebooted',
    ],
  });
  expect(read('array\tmd0\t2', 'over')).toMatchObject({
    value: ['md0 lacked 2 disks before it was rebooted'],
  });
  expect(read('over')).toEqual({ ok: true, value: [] });
});

it('an answer that broke off is none', () => {
  expect(read('array\tmd0\t1').ok).toBe(false);
  expect(read('').ok).toBe(false);
});

it('whatever a host prints, nothing of it moves the cursor, and nothing throws', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('fstab', 'array', 'unit', 'x'), fc.string()), { maxLength: 5 }),
      (rows) => {
        const read = bootRisksQuery.parse(`${rows.map((row) => row.join('\t')).join('\n')}\nover\n`);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
        if (read.ok) for (const line of read.value) expect(line).not.toMatch(/[\u0000-\u001f\u007f]/);
      },
    ),
  );
});

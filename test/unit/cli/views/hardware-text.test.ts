import { expect, it } from 'vitest';
import { painter } from '../../../../src/cli/text/paint.ts';
import { displayWidth } from '../../../../src/cli/text/width.ts';
import { hardwareDocument, hardwareDocumentSchema } from '../../../../src/cli/views/hardware-document.ts';
import { hardwareLines } from '../../../../src/cli/views/hardware-text.ts';
import { judgeHardware } from '../../../../src/ops/hardware/hardware.ts';
import { asked, but, prints } from '../../ops/hardware/sample.ts';

const EXPECTED = { gpus: 3, memoryGiB: null, ownDisks: null };

it('shows what is broken first, then all parts with slots and serial numbers, within the terminal', () => {
  const seen = asked(
    but(
      {},
      {
        nvme: undefined,
        journalctl: prints(
          '2026-11-29T20:31:06+0000 p kernel: NVRM: Xid (PCI:0000:21:00): 79, fallen \u001b[2J off\n',
        ),
      },
    ),
  );
  const document = hardwareDocument({ seen, expected: EXPECTED, findings: judgeHardware(seen, EXPECTED) });
  expect(hardwareDocumentSchema.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  for (const width of [60, 80, 160]) {
    const lines = hardwareLines(document, { paint: painter(false), width });
    expect(lines.join('\n')).not.toContain('\u001b');
    // Serial numbers are never left out.
    expect(lines.filter((line) => displayWidth(line) > Math.max(width, 76))).toEqual([]);
  }
  const text = hardwareLines(document, { paint: painter(false), width: 160 }).join('\n');
  expect(text).toMatch(/^machine: Supermicro AS -4124GS-TNR, serial S411795X2A12345\n/);
  expect(text).toContain(
    '! the machine shows 2 NVIDIA GPUs on its bus, wanted are 3: empty slots: CPU2 SLOT4 PCI-E 4.0 X16\n',
  );
  expect(text).toContain('? whether nvme0n1, nvme1n1 warn is not known: there is no nvme\n');
  expect(text).toMatch(/\nP2-DIMMC1 +64 GiB {2}Samsung M393A8G40AB2-CWE {2}SP2-DIMMC1\n/);
  expect(text).toMatch(/\n0000:61:00\.0 {2}slot 7 +NVIDIA GeForce RTX 3090 .*GPU-bbbb +x16 {2}has it\n/);
  expect(text).toMatch(
    /\nnvme1n1 {2}7 TiB {2}SAMSUNG MZQL27T6HBLA-00A07 {2}S6CKNE0T1 {2}GDC5602Q {2}0000:41:00\.0 {2}live/,
  );
  expect(text).toMatch(
    /\nthe kernel's log \(journal, read back to 2026-11-29T20:31:06Z\)\n {2}Xid 79 of GPU 0000:21:00\.0/,
  );
});

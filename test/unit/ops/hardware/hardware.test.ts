import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GiB, KiB } from '../../../../src/core/units.ts';
import { parseHardware } from '../../../../src/ops/hardware/ask.ts';
import type { HardwareExpected } from '../../../../src/ops/hardware/expected.ts';
import { judgeHardware } from '../../../../src/ops/hardware/hardware.ts';
import type { Machine } from './sample.ts';
import { asked, but, dimm, prints, SMART, SOUND } from './sample.ts';

const EXPECTED: HardwareExpected = { gpus: 2, memoryGiB: 512, ownDisks: '/opt/raid0' };
const BOOT = Date.parse('2026-11-29T20:00:00Z') / 1000;
/** What the machine tells, but for what the kernel says of this one. */
const seenOf = (machine: Machine) => {
  const seen = asked(machine);
  return { ...seen, boot: BOOT, facts: { ...seen.facts, memoryKib: (504 * GiB) / KiB } };
};
const found = (machine: Machine, expected = EXPECTED) =>
  judgeHardware(seenOf(machine), expected).map(({ part, state, what }) => `${state} ${part}: ${what}`);
const journal = (...lines: readonly string[]) => ({
  journalctl: prints(`${lines.map((line) => `2026-11-29T${line}`).join('\n')}\n`),
});

describe('a sound machine', () => {
  it('is told with all that it is made of, and nothing is found', () => {
    const seen = seenOf(SOUND);
    expect(judgeHardware(seen, EXPECTED)).toEqual([]);
    expect(Object.fromEntries(seen.names)).toEqual({
      sys_vendor: 'Supermicro',
      product_name: 'AS -4124GS-TNR',
      product_serial: 'S411795X2A12345',
    });
    expect(seen.memory).toMatchObject({ type: 'told', value: { length: 8 } });
    expect(seen.driver.gpus).toMatchObject({
      value: [
        {
          address: '0000:21:00.0',
          serial: '0323117012345',
          uuid: 'GPU-aaaa',
          name: 'NVIDIA GeForce RTX 3090',
        },
        { address: '0000:61:00.0', serial: '', uuid: 'GPU-bbbb' },
      ],
    });
    expect(seen.disks).toMatchObject({
      value: [
        {
          name: 'nvme0n1',
          serial: 'S6CKNE0T0',
          model: 'SAMSUNG MZQL27T6HBLA-00A07',
          bytes: 15002931888 * 512,
          health: { type: 'told', value: { warnings: [], used: 3, mediaErrors: 0 } },
        },
        { name: 'nvme1n1', address: '0000:41:00.0', state: 'live' },
      ],
    });
    expect(seen.raids).toMatchObject({ value: [{ name: 'md0', level: 'raid0', disks: 2 }] });
    expect(seen.nics).toMatchObject({ value: [{ name: 'eth0', speed: 10000, changes: 3 }] });
    expect(seen.log).toMatchObject({ value: { source: 'journal', isWhole: true, groups: [] } });
  });
});

describe('memory', () => {
  it('that is missing is told with the slots that are empty and should not be', () => {
    const slots = ['A1', 'B1', 'C1', 'D1'].flatMap((slot) => [
      dimm(`P1-DIMM${slot}`),
      dimm(`P2-DIMM${slot}`, slot === 'C1' ? 'No Module Installed' : '64 GB'),
      // Every second place is empty by design.
      dimm(`P1-DIMM${slot.replace('1', '2')}`, 'No Module Installed'),
      dimm(`P2-DIMM${slot.replace('1', '2')}`, 'No Module Installed'),
    ]);
    const machine = but({}, { dmidecode: prints(slots.join('')) });
    expect(found(machine, { ...EXPECTED, memoryGiB: 4096 })).toEqual([
      expect.stringMatching(
        /^broken memory: memory: the machine has [\d.]+ GiB, wanted are 4096 GiB: 1 slot without a module, unlike those named alike: P2-DIMMC1$/,
      ),
    ]);
    expect(found(machine, { ...EXPECTED, memoryGiB: null })).toEqual([
      'suspect memory: memory modules may be missing: 1 slot without a module, unlike those named alike: P2-DIMMC1',
    ]);
  });

  it('that the kernel counts errors of is told by module; without dmidecode modules are not known', () => {
    expect(
      found(
        but({ '/sys/devices/system/edac/mc/mc0/dimm0/dimm_ue_count': '2\n' }, { dmidecode: undefined }),
      ).filter((one) => one.includes('memory')),
    ).toEqual([
      'broken memory: memory module P0_DIMM_A1: 2 errors that could not be corrected since the start',
      'unknown memory: the memory modules are not known: there is no dmidecode',
    ]);
  });
});

describe('GPUs', () => {
  it('that are gone from the bus are told with the slots that are empty', () => {
    const gone = Object.fromEntries(
      ['class', 'vendor', 'current_link_width', 'max_link_width'].map((name) => [
        `/sys/bus/pci/devices/0000:61:00.0/${name}`,
        undefined,
      ]),
    );
    expect(found(but(gone))).toEqual([
      'broken gpu: the machine shows 1 NVIDIA GPU on its bus, wanted are 2: empty slots: CPU2 SLOT4 PCI-E 4.0 X16',
      'broken gpu: GPU 0000:61:00.0 (GPU-bbbb) is at the NVIDIA driver, and no more on the bus',
    ]);
  });

  it('that the driver does not list, or calls lost, are told with their slot', () => {
    const one = prints('00000000:21:00.0, 03, GPU-aaaa, 94, 535, 16, 16, NVIDIA GeForce RTX 3090\n');
    expect(found(but({}, { 'nvidia-smi': one }))).toEqual([
      'broken gpu: GPU 0000:61:00.0 (slot 7) is on the bus, and the NVIDIA driver does not list it',
    ]);
    const lost = `echo 'Unable to determine the device handle for GPU 0000:21:00.0: GPU is lost.  Reboot the system to recover this GPU'; exit 15`;
    expect(found(but({}, { 'nvidia-smi': lost }))).toEqual([
      'broken gpu: GPU 0000:21:00.0 (CPU1 SLOT2 PCI-E 4.0 X16) is lost to the NVIDIA driver, or it cannot get hold of it',
    ]);
  });

  it('that the inventory calls dead are no news, as long as no other is missing', () => {
    const one = prints('00000000:21:00.0, 03, GPU-aaaa, 94, 535, 16, 16, NVIDIA GeForce RTX 3090\n');
    const xid = journal(
      '20:31:06+0000 p kernel: NVRM: Xid (PCI:0000:61:00): 79, GPU has fallen off the bus.',
    );
    const machine = but({}, { 'nvidia-smi': one, ...xid });
    const said =
      'GPU 0000:61:00.0 (slot 7) is on the bus, and the NVIDIA driver does not list it: its overrides say that it is gone';
    expect(found(machine, { ...EXPECTED, gpus: 1, withoutGpus: [2] })).toEqual([
      `suspect gpu: ${said}`,
      expect.stringMatching(/^suspect gpu: Xid 79 of GPU 0000:61:00\.0/),
    ]);
    expect(found(machine, { ...EXPECTED, gpus: 1, withoutGpus: [1] })[0]).toMatch(/^broken gpu: GPU 0000:61/);
  });

  it('are not known to answer where nobody says so, and a link that is narrower than others is suspect', () => {
    expect(
      found(
        but(
          { '/sys/bus/pci/devices/0000:61:00.0/current_link_width': '4\n' },
          { 'nvidia-smi': 'echo oh; exit 9' },
        ),
      ),
    ).toEqual([
      'suspect gpu: GPU 0000:61:00.0 (slot 7): its link has 4 lanes, those of others 16',
      'unknown gpu: whether its GPUs answer is not known: oh',
    ]);
  });
});

describe('disks', () => {
  it('that warn or do not live are told with model and serial number', () => {
    const nvme = `case $4 in */nvme0) ${prints(SMART(5))};; *) ${prints(SMART())};; esac`;
    expect(found(but({ '/sys/class/nvme/nvme1/state': 'dead\n' }, { nvme }))).toEqual([
      'broken disk: nvme0n1 (SAMSUNG MZQL27T6HBLA-00A07, serial S6CKNE0T0, 0000:40:00.0) warns: spare room is low, reliability is degraded by media errors',
      'broken disk: nvme1n1 (SAMSUNG MZQL27T6HBLA-00A07, serial S6CKNE0T1, 0000:41:00.0): the kernel calls it dead',
    ]);
  });

  it('whose warnings nobody can ask for are not known', () => {
    expect(found(but({}, { nvme: undefined }))).toEqual([
      'unknown disk: whether nvme0n1, nvme1n1 warn is not known: there is no nvme',
    ]);
    expect(found(but({}, { nvme: 'exit 1' }))).toEqual([
      'unknown disk: whether nvme0n1, nvme1n1 warn is not known: nvme ended with status 1',
    ]);
  });

  it('that are missing from an array which could not be put together are counted', () => {
    const without = Object.fromEntries(
      Object.keys(SOUND.files)
        .filter((path) => /nvme1|md0/.test(path))
        .map((path) => [path, undefined]),
    );
    const mdadm = prints(
      'ARRAY /dev/md/0  level=raid0 metadata=1.2 num-devices=2 UUID=a:b:c:d name=p1-50:0\n   devices=/dev/nvme0n1\n',
    );
    expect(found(but({ ...without, '/proc/self/mountinfo': '' }, { mdadm }))).toEqual([
      'broken raid: array /dev/md/0 (raid0) is of 2 disks, and one is there: nvme0n1 (SAMSUNG MZQL27T6HBLA-00A07, serial S6CKNE0T0, 0000:40:00.0)',
      'broken raid: nothing is mounted at /opt/raid0, the place of its own disks',
    ]);
  });

  it('that an array has failed, and what it lacks, are told', () => {
    expect(
      found(
        but({
          '/sys/block/md0/md/level': 'raid1\n',
          '/sys/block/md0/md/degraded': '1\n',
          '/sys/block/md0/md/dev-nvme1n1/state': 'faulty\n',
        }),
      ),
    ).toEqual([
      'broken raid: array md0 (raid1) has failed nvme1n1 (SAMSUNG MZQL27T6HBLA-00A07, serial S6CKNE0T1, 0000:41:00.0)',
    ]);
    expect(found(but({ '/sys/block/md0/md/array_state': 'inactive\n' }))).toEqual([
      expect.stringMatching(
        /^broken raid: array md0 is inactive; its disks that are there: nvme0n1 .*, nvme1n1 /,
      ),
    ]);
  });
});

describe("the kernel's log", () => {
  it('is counted by what it is about, and what of it is a defect now is broken', () => {
    expect(
      found(
        but(
          {},
          journal(
            "20:31:06+0000 p kernel: NVRM: Xid (PCI:0000:21:00): 79, pid='<unknown>', GPU has fallen off the bus.",
            '20:31:05+0000 p kernel: nvme nvme1: I/O 12 QID 3 timeout, aborting',
            '20:31:04+0000 p kernel: nvme nvme1: I/O 11 QID 3 timeout, aborting',
            '20:31:03+0000 p kernel: md/raid1:md0: Disk failure on nvme1n1, disabling device.',
            '20:31:02+0000 p kernel: mce: [Hardware Error]: Machine check events logged',
            '20:31:01+0000 p kernel: pcieport 0000:20:03.1: AER: Uncorrected (Fatal) error received: 0000:21:00.0',
            '-- Reboot --',
            '19:31:01+0000 p kernel: EDAC MC0: 1 UE memory read error on CPU_SrcID#0_Chan#1_DIMM#0 (channel:1)',
            '19:31:00+0000 p kernel: NVRM: Xid (PCI:0000:61:00): 31, pid=7, Ch 0000000e, MMU Fault',
            '19:30:00+0000 p kernel: pcieport 0000:20:03.1: AER: enabled with IRQ 26',
            '19:30:00+0000 p kernel: mce: CPU supports 20 MCE banks',
            '19:30:00+0000 p kernel: ata1: SATA link up 6.0 Gbps (SStatus 133 SControl 300)',
            '19:29:00+0000 p kernel: nvme nvme0: Shutdown timeout set to 10 seconds',
          ),
        ),
      ),
    ).toEqual([
      'broken gpu: Xid 79 of GPU 0000:21:00.0 (the GPU has fallen off the bus: card, slot, riser or power): once 2026-11-29T20:31:06Z',
      'broken raid: an array lost a disk (md0): once 2026-11-29T20:31:03Z',
      'suspect memory: memory errors that could not be corrected (on cpu_srcid#0_chan#1_dimm#0): once 2026-11-29T19:31:01Z',
      'suspect gpu: Xid 31 of GPU 0000:61:00.0 (memory page fault: most often the program): once 2026-11-29T19:31:00Z',
      'suspect disk: an NVMe disk did not answer or was reset (nvme1): 2 times, last 2026-11-29T20:31:05Z',
      'suspect cpu: machine check of a CPU or its memory (machine check events logged): once 2026-11-29T20:31:02Z',
      'suspect bus: PCIe errors that could not be corrected (0000:20:03.1): once 2026-11-29T20:31:01Z',
    ]);
  });

  it('has a flood in it that is counted and not kept', () => {
    const flood = `for ((n = 0; n < 3000; n++)); do
  printf '2026-11-29T20:31:06+0000 p kernel: igb 0000:05:00.0 eno1: igb: eno1 NIC Link is Down\\n'
  printf '2026-11-29T20:31:05+0000 p kernel: NVRM: Xid (PCI:0000:21:00): %s, x\\t%0500d\\n' $((n % 200)) 1
done`;
    const { log } = asked(but({}, { journalctl: flood }));
    if (log.type === 'unknown') throw new Error(log.why);
    expect(log.value.groups.reduce((sum, { count }) => sum + count, 0)).toBe(6000);
    expect(log.value.groups.length).toBeLessThan(30);
    expect(log.value.groups.every(({ last }) => last.text.length < 350 && !last.text.includes('\t'))).toBe(
      true,
    );
    expect(found(but({}, { journalctl: flood }))).toContain(
      'suspect network: a network link went down (eno1 nic link is down): 3000 times, last 2026-11-29T20:31:06Z',
    );
  });

  it('comes from dmesg where there is no journal, with times that count from the start', () => {
    const dmesg = prints(
      '[    0.000000] Linux version 5.4.0\n[   61.500000] NVRM: Xid (PCI:0000:21:00): 48, pid=1, DBE\n',
    );
    const { log, boot } = asked(but({}, { journalctl: 'exit 1', dmesg }));
    expect(log).toMatchObject({
      value: {
        source: 'dmesg',
        since: boot,
        groups: [{ first: { at: (boot ?? 0) + 61, text: expect.stringMatching(/^NVRM/) } }],
      },
    });
    expect(found(but({}, { journalctl: 'exit 1', dmesg: 'exit 1' }))).toEqual([
      'unknown machine: what the kernel has said of its hardware is not known: its log could not be read, or is empty',
    ]);
  });

  it('shows nothing that is to be masked', () => {
    const mask = (text: string) => text.replaceAll('hunter22', '***');
    const seen = asked(
      but({}, { ...journal('20:31:06+0000 p kernel: NVRM: Xid hunter22'), mdadm: 'echo hunter22; exit 1' }),
      mask,
    );
    expect(JSON.stringify([seen.log, seen.recorded])).not.toContain('hunter22');
  });
});

it('is told in part where a program hangs: the others are not waited for', { timeout: 60_000 }, () => {
  const began = Date.now();
  const seen = asked(but({}, { nvme: 'trap "" TERM; sleep 40', dmidecode: 'sleep 40' }));
  expect(Date.now() - began).toBeLessThan(20_000);
  expect(seen.memory).toEqual({ type: 'unknown', why: 'dmidecode gave no answer in time' });
  expect(seen.disks).toMatchObject({
    value: [{ serial: 'S6CKNE0T0', health: { type: 'unknown', why: 'nvme gave no answer in time' } }, {}],
  });
  expect(seen.nics.type).toBe('told');
});

it('takes nothing from an answer that broke off, and throws at none', () => {
  expect(parseHardware('nic\teth0\n', String).ok).toBe(false);
  const tags = [
    'fact',
    'dmi',
    'boot',
    'text',
    'module',
    'pci',
    'slot',
    'card',
    'nvme',
    'disk',
    'md',
    'member',
    'mounted',
    'nic',
    'log',
    'lines',
    'logged',
    'part',
  ];
  const row = fc
    .tuple(fc.constantFrom(...tags), fc.array(fc.string({ maxLength: 12 }), { maxLength: 7 }))
    .map((all) => all.flat().join('\t'));
  const facts =
    'fact\thostname\ta\nfact\tos\tID\tdebian\nfact\tkernel\t5.4\nfact\tboot\tb\nfact\tmemory\t1024\nfact\tonline\t0\n';
  fc.assert(
    fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
      const seen = parseHardware(`${facts}${rows.join('\n')}\nover\n`, String);
      if (seen.ok) judgeHardware(seen.value, EXPECTED);
    }),
  );
});

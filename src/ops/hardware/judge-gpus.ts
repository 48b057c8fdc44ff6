import { count } from '../../core/units.ts';
import type { HardwareExpected } from './expected.ts';
import type { HardwareFinding } from './finding.ts';
import { broken, notKnown, suspect } from './finding.ts';
import type { BusGpu } from './gpus.ts';
import { slotOf } from './gpus.ts';
import type { HardwareSeen } from './seen.ts';

type Seen = Pick<HardwareSeen, 'bus' | 'driver' | 'kernelSlots' | 'cardSlots'>;

/** The slot of a GPU on its bus; null: nobody knows. */
export const gpuSlot = (gpu: BusGpu, { kernelSlots, cardSlots }: Seen): string | null =>
  slotOf([...gpu.path, gpu.address], kernelSlots, cardSlots.type === 'told' ? cardSlots.value : []);

/** GPUs that are known to be dead by the inventory, and still on the bus: they are no news. */
export const deadGpus = (
  { bus }: Pick<HardwareSeen, 'bus'>,
  { gpus, withoutGpus = [] }: Pick<HardwareExpected, 'gpus' | 'withoutGpus'>,
): ReadonlySet<string> =>
  bus.type === 'told' && bus.value.length === (gpus ?? 0) + withoutGpus.length
    ? new Set(withoutGpus.flatMap((gpu) => bus.value[gpu - 1]?.address ?? []))
    : new Set();

/** Whether all GPUs are on the bus, and at their driver. */
export const judgeGpus = (
  seen: Seen,
  expected: Pick<HardwareExpected, 'gpus' | 'withoutGpus'>,
): HardwareFinding[] => {
  const { bus, driver } = seen;
  const { gpus: wanted } = expected;
  if (bus.type === 'unknown') return [notKnown('gpu', `the GPUs on its bus are not known: ${bus.why}`)];
  const named = (address: string) => {
    const gpu = bus.value.find((one) => one.address === address);
    const slot = gpu && gpuSlot(gpu, seen);
    const known =
      driver.gpus.type === 'told' ? driver.gpus.value.find((one) => one.address === address) : null;
    const about = [slot, known?.serial && `serial ${known.serial}`, known?.uuid].filter(Boolean);
    return `GPU ${address}${about.length > 0 ? ` (${about.join(', ')})` : ''}`;
  };
  const counted =
    wanted !== null && bus.value.length < wanted
      ? [
          broken(
            'gpu',
            `the machine shows ${count(bus.value.length, 'NVIDIA GPU')} on its bus, wanted are ${wanted}${emptyText(seen)}`,
          ),
        ]
      : [];
  const dead = deadGpus(seen, expected);
  const card = (address: string, text: string): HardwareFinding =>
    dead.has(address)
      ? suspect('gpu', `${named(address)} ${text}: its overrides say that it is gone`)
      : broken('gpu', `${named(address)} ${text}`);
  return [...counted, ...driverFindings(seen, bus.value, card), ...linkFindings(bus.value, named)];
};

/** Slots for such a card that are empty: it may have been in one of them. */
const emptyText = ({ cardSlots }: Seen): string => {
  if (cardSlots.type === 'unknown') return '';
  const empty = cardSlots.value.filter(({ isUsed, type }) => !isUsed && /x(8|16)\b/i.test(type));
  return empty.length === 0 ? '' : `: empty slots: ${empty.map(({ name }) => name).join(', ')}`;
};

const driverFindings = (
  { driver: { gpus, lost } }: Seen,
  bus: readonly BusGpu[],
  card: (address: string, text: string) => HardwareFinding,
): HardwareFinding[] => {
  const gone = lost.map((address) =>
    card(address, 'is lost to the NVIDIA driver, or it cannot get hold of it'),
  );
  if (gpus.type === 'unknown')
    return bus.length === 0
      ? gone
      : [...gone, notKnown('gpu', `whether its GPUs answer is not known: ${gpus.why}`)];
  const isListed = (address: string) => gpus.value.some((one) => one.address === address);
  return [
    ...gone,
    ...bus
      .filter(({ address }) => !isListed(address) && !lost.includes(address))
      .map(({ address }) => card(address, 'is on the bus, and the NVIDIA driver does not list it')),
    ...gpus.value
      .filter(({ address }) => !bus.some((one) => one.address === address))
      .map(({ address }) => card(address, 'is at the NVIDIA driver, and no more on the bus')),
  ];
};

/** A card whose link is narrower than those of the others: it sits badly, or its slot or riser fails. */
const linkFindings = (bus: readonly BusGpu[], named: (address: string) => string): HardwareFinding[] => {
  const most = Math.max(0, ...bus.map(({ width }) => width ?? 0));
  return bus.flatMap(({ address, width, mostWidth }) =>
    width !== null && width < most && (mostWidth === null || mostWidth >= most)
      ? [suspect('gpu', `${named(address)}: its link has ${width} lanes, those of others ${most}`)]
      : [],
  );
};

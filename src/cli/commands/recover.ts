import { formatSeconds } from '../../core/units.ts';
import type { DeployRequest } from '../../ops/deploy-request.ts';
import type { HardwareReport } from '../../ops/hardware/hardware.ts';
import { isBroken } from '../../ops/hardware/hardware.ts';
import { namedHost } from '../../ops/named.ts';
import { REBOOT_TIMEOUT } from '../../ops/reboot/context.ts';
import type { Found } from '../../ops/reboot/reach.ts';
import { reach } from '../../ops/reboot/reach.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import { readyHosts } from '../../ops/role-work.ts';
import { targetOf } from '../../ops/targets.ts';
import { atHosts } from '../at-hosts.ts';
import type { Action, Context } from '../context.ts';
import { hideSecrets, sourcesOf } from '../sources.ts';
import { painter } from '../text/paint.ts';
import { hardwareDocument } from '../views/hardware-document.ts';
import { findingLines, hardwareLines } from '../views/hardware-text.ts';
import { lookView } from '../views/run-view.ts';
import { addFile, refuseThere } from '../write-file.ts';
import { carryOut } from './deploy.ts';
import { runOf, stopOf } from './processes.ts';
import type { RebootOptions } from './reboot.ts';

export interface RecoverOptions extends Omit<RebootOptions, 'batch' | 'maxFail' | 'preflight' | 'limit'> {
  /** Seconds; left out: a machine that does not answer is not waited for. */
  readonly wait?: number;
  /** File for the report of what is broken still. */
  readonly report?: string;
}

/** `fcops recover HOST` (handbook 4.2) */
export const recover: Action<RecoverOptions> = async (context, [word = ''], options) => {
  const { world, output } = context;
  const { report: file, rebootTimeout } = options;
  const sources = sourcesOf(context);
  const { about, host } = namedHost(sources, word, options.miner, 'machines are recovered one by one');
  const stop = stopOf(options);
  // Before anybody has waited for it.
  if (file !== undefined) await refuseThere(file);
  const common = {
    ...about,
    operation: 'reboot',
    tags: [],
    start: true,
    // What is off may be what it is rebooted for: it is looked at when the machine is back.
    preflight: false,
  } as const;
  const hosts = await readyHosts(sources, common);
  hideSecrets(context, hosts.cluster);
  const view = await lookView(context, { title: `look at ${host.name}`, forks: options.forks });
  const found = await atHosts(context, options, view, (deps) =>
    reach(hosts, host, options.wait ?? null, targetOf(world), deps),
  );
  showFound(context, host.name, found);
  const request: DeployRequest = {
    ...common,
    reboot: { timeout: rebootTimeout ?? REBOOT_TIMEOUT, hardware: true },
    // A machine that has just been started needs no second start.
    ...(found.start?.isNew && { boots: new Map([[host.name, 'the one before']]) }),
    ...runOf({ ...options, preflight: false, batch: [], maxFail: { hosts: 0 } }),
    stop,
  };
  const after: HardwareReport[] = [];
  const onHardware = (_: string, report: HardwareReport) => void after.push(report);
  const code = await carryOut(context, sources, request, { ...options, onHardware });
  const last = after.at(-1);
  if (last && isBroken(last)) await showBroken(context, hosts, host.name, last, file);
  else if (file !== undefined) output.note(`${file} is not written: nothing is found to be broken still`);
  return code;
};

/** What was found, and what is done about it. */
const showFound = ({ output }: Context, host: string, { report, start }: Found): void => {
  if (output.format !== 'text') return;
  const { colour, width } = output;
  const lines = findingLines(hardwareDocument(report), { paint: painter(colour), width });
  output.print(
    `${host}, by what it tells of its hardware:\n${lines.map((line) => `  ${line}`).join('\n')}\n${willText(start)}\n\n`,
  );
};

const willText = (start: Found['start']): string => {
  const sound = 'its processes are started where its hardware is sound.';
  if (start?.isNew) return `It has just been started (${formatSeconds(start.ago)} ago): ${sound}`;
  const since = start === null ? 'It' : `It was started ${formatSeconds(start.ago)} ago: it`;
  return `${since} is rebooted, looked at again, and ${sound}`;
};

/** For whoever goes to the machine: serial numbers, slots, lines of the kernel. */
const showBroken = async (
  { output }: Context,
  { cluster }: RoleHosts,
  host: string,
  report: HardwareReport,
  file: string | undefined,
): Promise<void> => {
  const document = hardwareDocument(report);
  const { colour, width } = output;
  const text = (options: Parameters<typeof hardwareLines>[1]) =>
    `${cluster.miner}, ${host}\n${hardwareLines(document, options).join('\n')}\n`;
  if (output.format === 'text') output.print(`\n${text({ paint: painter(colour), width })}`);
  if (file === undefined) return;
  const plain = text({ paint: painter(false), width: Number.POSITIVE_INFINITY });
  await addFile(file, output.redact(plain), 0o600);
  output.note(`report for those who mend the machine: ${file}`);
};

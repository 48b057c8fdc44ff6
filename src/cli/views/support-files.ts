import { jsonText } from '../../core/invisible.ts';
import type { Known } from '../../ops/host-parts/known.ts';
import type { RoleHosts } from '../../ops/role-work.ts';
import type { Gathered } from '../../ops/support/gathered.ts';
import { had, lacks } from '../../ops/support/gathered.ts';
import type { SupportOfHost } from '../../ops/support/support.ts';
import { planCommands, wordsOf } from '../command-line.ts';
import type { Context } from '../context.ts';
import { addressesOf } from '../text/addresses.ts';
import { painter } from '../text/paint.ts';
import { factsText } from './facts-text.ts';
import { hardwareDocument } from './hardware-document.ts';
import { hardwareLines } from './hardware-text.ts';
import { planDocument } from './plan-document.ts';
import { planText } from './plan-text.ts';
import { statusDocument } from './status-document.ts';
import { statusLines } from './status-text.ts';
import { verifyDocument } from './verify-document.ts';
import { verifyLines } from './verify-text.ts';

/** Columns of the texts in an archive. */
const WIDTH = 120;
const TEXT = { paint: painter(false), width: WIDTH, full: true, moment: (stamp: string) => stamp } as const;

const lines = (all: readonly string[]): string => `${all.join('\n')}\n`;
const json = (value: unknown): string => `${jsonText(value, 2)}\n`;

/** What was gathered of a host as files: each document as JSON, and as the text that its command shows. */
export const supportFiles = (
  context: Context,
  hosts: RoleHosts,
  { plan, looked, hardware, facts, texts }: SupportOfHost,
  forks: number,
): readonly Gathered[] => {
  const words = { ...wordsOf(context), since: (stamp: string) => stamp };
  const { cluster, role } = hosts;
  const now = context.world.date().getTime() / 1000;
  return [
    ...both('plan', plan, (planned) => {
      const pace = { perMinute: cluster.startRate, atOnce: forks, batches: [] };
      const about = { miner: cluster.miner, role, addresses: addressesOf(hosts), words, pace };
      const document = planDocument(about, [...planned]);
      const options = { colour: false, width: WIDTH, full: true, since: words.since };
      return { document, text: planText(document, { ...options, ...planCommands(context, hosts) }) };
    }),
    ...both('status', looked, ({ status }) => {
      const document = statusDocument(status, now, words);
      return { document, text: lines(statusLines(document, TEXT)) };
    }),
    ...both('verify', looked, ({ verified }) => {
      const document = verifyDocument(verified, now, words);
      return { document, text: lines(verifyLines(document, TEXT)) };
    }),
    ...both('hardware', hardware, (report) => {
      const document = hardwareDocument(report);
      return { document, text: lines(hardwareLines(document, TEXT)) };
    }),
    ...both('facts', facts, (document) => ({
      document,
      text: factsText(hosts.hosts[0]?.name ?? '', document, TEXT.paint, WIDTH),
    })),
    ...texts,
  ];
};

const both = <T>(
  name: string,
  known: Known<T>,
  show: (value: T) => { readonly document: unknown; readonly text: string },
): Gathered[] => {
  if (known.type === 'unknown') return [lacks(name, known.why)];
  const { document, text } = show(known.value);
  return [had(`${name}.json`, json(document)), had(`${name}.txt`, text)];
};

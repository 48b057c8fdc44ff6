import { escapeUnseen } from '../../core/invisible.ts';
import { sha256 } from '../../core/sha256.ts';
import type { Json, OwnWords } from './packed.ts';
import { pack } from './packed.ts';
import type { SavedHost, SavedPlan } from './saved-plan.ts';
import { SAVED_PLAN_FORMAT } from './saved-plan.ts';

/** The file of a saved plan, and its digest. One line for each thing that hosts have in common, and one a host. */
export const savedText = ({
  hosts,
  ...about
}: SavedPlan): { readonly text: string; readonly digest: string } => {
  const packed = pack(
    hosts.map((host) => ({
      value: jsonOf({ planned: host.planned, inputs: host.inputs }),
      words: wordsOf(host),
    })),
  );
  const { version, who, made, expires, request, templates } = about;
  const header = { version, who, made, expires, request, templates };
  const entries = hosts.map(({ name, address, listen, roles }, index) => ({
    name,
    address,
    ...(listen !== undefined && { listen }),
    roles,
    body: packed.values[index] ?? null,
  }));
  const digest = digestOf({ ...header, common: packed.common, hosts: entries });
  const lines = Object.entries({ format: SAVED_PLAN_FORMAT, digest, ...header }).map(
    ([key, value]) => `${JSON.stringify(key)}: ${textOf(value)},`,
  );
  const text = [
    '{',
    ...lines,
    ...listOf('common', packed.common, ','),
    ...listOf('hosts', entries, ''),
    '}',
    '',
  ];
  return { text: text.join('\n'), digest };
};

/** sha256 of what a file says, however its JSON is laid out. */
export const digestOf = (body: Readonly<Record<string, unknown>>): string =>
  `sha256:${sha256(JSON.stringify(body))}`;

/** Words that stand in what is planned of a host, and are others for each. */
export const wordsOf = ({
  name,
  address,
  listen,
}: Pick<SavedHost, 'name' | 'address' | 'listen'>): OwnWords => ({
  n: name,
  a: address,
  // As in a host name: f0494733-p1-192-168-10-50.
  d: address.replaceAll('.', '-'),
  ...(listen !== undefined && { l: listen, m: listen.replaceAll('.', '-') }),
});

/** As JSON has it: without what is undefined. */
const jsonOf = (value: unknown): Json => JSON.parse(JSON.stringify(value));

const textOf = (value: unknown): string => escapeUnseen(JSON.stringify(value));

const listOf = (key: string, values: readonly unknown[], after: string): string[] => [
  `${JSON.stringify(key)}: [`,
  ...values.map((value, index) => `${textOf(value)}${index + 1 < values.length ? ',' : ''}`),
  `]${after}`,
];

import * as z from 'zod';
import { edit, fcopsCommand } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import { FcopsError, messageOf } from '../../core/problem.ts';
import { MiB } from '../../core/units.ts';
import type { PlanItem } from '../../engine/plan.ts';
import { planItemSchema } from '../../engine/plan.ts';
import { wholeText } from '../node-files.ts';
import type { Json } from './packed.ts';
import { unpacker } from './packed.ts';
import type { ReadPlan, SavedHost } from './saved-plan.ts';
import { SAVED_PLAN_FORMAT, savedBodySchema, savedFileSchema } from './saved-plan.ts';
import { digestOf, wordsOf } from './write.ts';

/** Thousands of hosts that have little in common. */
const MOST_BYTES = 64 * MiB;

/** Reads a saved plan. Throws an FcopsError for what is none, or is not as fcops wrote it. */
export const readSavedPlan = (file: string): ReadPlan => {
  const text = wholeText(file, MOST_BYTES);
  if (text === undefined)
    throw new FcopsError({
      kind: 'usage',
      what: 'there is no such file',
      where: { file },
      next: [fcopsCommand(['plan', 'ROLE', '--out', file], 'make it')],
    });
  return parseSavedPlan(text, file);
};

const anyObject = z.record(z.string(), z.unknown());

/** The same of a text; `file` is what it is called. */
export const parseSavedPlan = (text: string, file: string): ReadPlan => {
  const value = jsonIn(text);
  if (value === undefined && BEGUN.test(text))
    throw wrong(
      file,
      'this saved plan is not whole: it was cut off or damaged',
      'copy the file anew from where it was saved, or make the plan anew',
    );
  const { format, digest, ...body } = anyObject.safeParse(value).data ?? {};
  if (typeof format !== 'string' || !format.startsWith(FAMILY) || typeof digest !== 'string')
    throw wrong(file, 'this is no saved plan', 'name a file that `fcops plan ROLE --out FILE` wrote');
  if (format !== SAVED_PLAN_FORMAT)
    throw wrong(
      file,
      `this plan was saved by another version of fcops, as ${format}; this one reads ${SAVED_PLAN_FORMAT}`,
      'make the plan anew with this version',
    );
  if (digestOf(body) !== digest)
    throw wrong(
      file,
      'this plan was altered since it was saved: it is not what its digest is of',
      'take the file as it was saved, or make the plan anew',
    );
  try {
    const { common, hosts, version, who, made, expires, request, templates } = savedFileSchema.parse(value);
    return { digest, version, who, made, expires, request, templates, hosts: hostsIn(common, hosts) };
  } catch (error) {
    if (!(error instanceof z.ZodError) && !(error instanceof RangeError)) throw error;
    throw new FcopsError({
      kind: 'file',
      what: 'this saved plan cannot be read',
      where: { file },
      why: error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error),
      next: [edit('make the plan anew with this version of fcops')],
    });
  }
};

type PackedHost = z.infer<typeof savedFileSchema>['hosts'][number];

/** The hosts of a file. Items that hosts have in common are looked at once, whatever words of theirs stand in them. */
const hostsIn = (common: readonly Json[], hosts: readonly PackedHost[]): readonly SavedHost[] => {
  const { read, readMarked } = unpacker(common);
  const looked = new Map<Json, boolean>();
  const isItem = (_item: unknown, marked: Json): _item is PlanItem => {
    const known = looked.get(marked) ?? isWhole(marked);
    looked.set(marked, known);
    return known;
  };
  return hosts.map(({ body, ...who }): SavedHost => {
    const { planned, inputs } = savedBodySchema.parse(read(body, wordsOf(who)));
    const about = { ...who, inputs };
    if (planned.state === 'ended') return { ...about, planned };
    const marked = markedItems(readMarked(body));
    const items = planned.plan.items.map((item, index) =>
      isItem(item, marked[index] ?? null) ? item : planItemSchema.parse(item),
    );
    return { ...about, planned: { state: 'planned', plan: { ...planned.plan, items } } };
  });
};

/** Whether it is an item, with all that is filled in where it is left out. */
const isWhole = (marked: Json): boolean => {
  const parsed = planItemSchema.safeParse(marked);
  return parsed.success && JSON.stringify(parsed.data) === JSON.stringify(marked);
};

const bodyWithItems = z.looseObject({
  planned: z.looseObject({ plan: z.looseObject({ items: z.array(z.custom<Json>()) }) }),
});

/** The same items with letters in the place of the host's words; none where that is not as it should be. */
const markedItems = (body: Json): readonly Json[] =>
  bodyWithItems.safeParse(body).data?.planned.plan.items ?? [];

/** All versions of the format begin with it. */
const FAMILY = 'fcops-saved-plan/';

/** How a file of any version begins, whatever has become of its rest. */
const BEGUN = new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${FAMILY}`);

/**
 * Why a plan that was read is not applied by this fcops at this moment: steps mean what the version that planned them
 * made of them, and a plan is of its day.
 */
export const staleProblems = (
  { version, expires, made }: Pick<ReadPlan, 'version' | 'expires' | 'made'>,
  file: string,
  own: { readonly version: string; readonly date: Date },
): readonly Problem[] => [
  ...(version === own.version
    ? []
    : [
        {
          kind: 'usage' as const,
          what: `this plan was made by fcops ${version}, and this is fcops ${own.version}: it may do something else by the same plan`,
          where: { file },
          next: [edit(`use fcops ${version}, or make the plan anew`)],
        },
      ]),
  ...(isExpired({ expires }, own.date)
    ? [
        {
          kind: 'usage' as const,
          what: `this plan expired at ${expires}; it was made at ${made}`,
          where: { file },
          next: [edit('make the plan anew; --valid says how long one may be applied')],
        },
      ]
    : []),
];

export const isExpired = ({ expires }: Pick<ReadPlan, 'expires'>, date: Date): boolean =>
  date.getTime() > new Date(expires).getTime();

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const wrong = (file: string, what: string, next: string): FcopsError =>
  new FcopsError({ kind: 'file', what, where: { file }, next: [edit(next)] });

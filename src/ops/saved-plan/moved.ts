import { edit } from '../../core/next.ts';
import type { Problem } from '../../core/problem.ts';
import type { ChangeItem, HostPlan, PlanItem } from '../../engine/plan.ts';
import { changesOf } from '../../engine/plan.ts';
import { isOfSecret } from '../../resources/file/file.ts';
import type { Step } from '../../resources/kinds.ts';
import type { Inputs } from './inputs.ts';
import { PROFILE } from './inputs.ts';

/** A host as it was planned, or as it is now. */
export interface HostState {
  /** In its saved form (`savedForm`). */
  readonly plan: HostPlan;
  readonly inputs: Inputs;
}

/** What is told of what has moved, besides the host itself. */
export interface MovedContext {
  /** Names of templates that are not what they were. */
  readonly templates: readonly string[];
  /** The cluster file, as people name it. */
  readonly inventory: string;
}

/** Things of a kind that are named; more are counted. */
const NAMED = 4;

/**
 * Why a plan is not applied to its host: what is there now would make it do something that nobody reviewed. Empty: all
 * that would be done was reviewed. What is done already is none: the rest of a plan that broke off is applied.
 */
export const movedReasons = (then: HostState, now: HostState, context: MovedContext): readonly string[] => {
  const inputs = inputReasons(then.inputs, now.inputs, context);
  const isOnHost = inputs.length + context.templates.length === 0;
  const before = new Map(changesOf(then.plan).map((item) => [item.resource, item]));
  const changes = changesOf(now.plan).flatMap((item): Difference[] => {
    const reviewed = before.get(item.resource);
    if (reviewed !== undefined && formOf(item) === formOf(reviewed)) return [];
    const isWantedSo = reviewed !== undefined && wantedIn(item) === wantedIn(reviewed);
    return [{ item, isNew: reviewed === undefined, isOnHost: isOnHost || isWantedSo }];
  });
  // A template that changes nothing of a host has nothing to do with it.
  const templates = changes.every((one) => one.isOnHost) ? [] : templateReasons(context);
  return [
    ...inputs,
    ...templates,
    ...some(changes, sayDifference),
    ...some(newDebts(then.plan, now.plan), sayDebt),
  ];
};

/** The same as a problem of the host; null where nothing has moved. */
export const movedProblem = (host: string, reasons: readonly string[]): Problem | null =>
  reasons.length === 0
    ? null
    : {
        kind: 'moved',
        what: 'not as it was when the plan was made, so the plan is not applied to it',
        where: { host },
        why: reasons.join('\n'),
        next: [edit('make the plan anew, and have it reviewed')],
      };

/** A change that would be made now and was not reviewed as it is. */
interface Difference {
  readonly item: ChangeItem;
  /** Nothing was to be done about it. */
  readonly isNew: boolean;
  /** What is there is not what it was, and what is to be made of it is. */
  readonly isOnHost: boolean;
}

const sayDifference = ({ item: { title, change }, isNew, isOnHost }: Difference): string => {
  const { details, text } = change;
  if (isNew && details.length > 0 && details.every(isOfSecret) && text?.before === text?.after) {
    const names = details.map(({ name }) => name).join(', ');
    return `${title}: ${names}, and did not: it was changed where it is kept, or on the host`;
  }
  if (isOnHost) return `${title}: changed on the host since${isNew ? '; it was as required' : ''}`;
  return isNew
    ? `${title}: would change too, and nothing was to be done about it`
    : `${title}: something else would be made of it now`;
};

/** Whatever is shown and done of a change; what comes before it in the run follows from the others. */
const formOf = ({ task, change: { atWork: _, details, ...change } }: ChangeItem): string =>
  // A check that is run says of itself how it failed, in its own words each time.
  JSON.stringify([task, change, change.action === 'run' ? [] : details]);

/** What would be made, without what it is made from. */
const wantedIn = ({ change: { text, lines, steps } }: ChangeItem): string =>
  JSON.stringify([text?.after, (lines ?? []).map(({ after }) => after), steps.map(wantedOf)]);

/** Of a step what it makes; what it was told of the host before is left out. */
const wantedOf = (step: Step): unknown => {
  switch (step.step) {
    case 'rewrite-file':
      return [step.step, step.path];
    case 'edit-lines':
      return [step.step, step.path, step.line];
    case 'edit-crontab':
      return [step.step, step.user, step.line];
    default: {
      const { seen: _, ...wanted } = { seen: null, ...step };
      return wanted;
    }
  }
};

const inputReasons = (then: Inputs, now: Inputs, { inventory }: MovedContext): readonly string[] => {
  const keys = [...new Set([...Object.keys(then), ...Object.keys(now)])].filter(
    (key) => then[key] !== now[key],
  );
  const said = (value: string | undefined) => (value === undefined ? 'nothing' : plain(value));
  const name = plain(now.profile ?? then.profile ?? '');
  return some(keys, (key) => {
    const ofProfile = key.startsWith(PROFILE);
    const [where, what] = ofProfile
      ? [`profile ${name}`, key.slice(PROFILE.length)]
      : [`inventory ${inventory}`, key];
    return `${where}: ${what} is ${said(now[key])} now, and was ${said(then[key])}`;
  });
};

/** A text without its quotes; a long value is not read to its end by anybody. */
const plain = (json: string): string => {
  const text = /^"[^"\\]*"$/.test(json) ? json.slice(1, -1) : json;
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
};

const templateReasons = ({ templates }: MovedContext): string[] => {
  const names = templates.slice(0, NAMED).join(', ');
  const more = templates.length > NAMED ? ` and ${templates.length - NAMED} more` : '';
  if (templates.length === 0) return [];
  return [`${templates.length === 1 ? 'template' : 'templates'} ${names}${more}: changed since`];
};

const some = <One>(all: readonly One[], say: (one: One) => string): string[] => [
  ...all.slice(0, NAMED).map(say),
  ...(all.length > NAMED ? [`and ${all.length - NAMED} more of this kind`] : []),
];

/** What a host owes and did not: a reboot, a restart. */
const newDebts = (then: HostPlan, now: HostPlan): readonly PlanItem[] => {
  const owed = new Set(then.items.flatMap(debtOf));
  return now.items.filter((item) => debtOf(item).some((debt) => !owed.has(debt)));
};

/** Its reason is another one when changes are made than while they are planned. */
const debtOf = (item: PlanItem): string[] => {
  switch (item.state) {
    case 'reboot':
      return [`reboot ${item.resource}`];
    case 'restart':
      return [`restart ${item.restart.process}`];
    default:
      return [];
  }
};

const sayDebt = (item: PlanItem): string => {
  if (item.state === 'restart')
    return `${item.restart.process}: owes a restart now (${item.restart.reasons.join('; ')})`;
  return item.state === 'reboot' ? `owes a reboot now: ${item.reason}` : item.title;
};

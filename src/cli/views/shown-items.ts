import type { DocumentChange, DocumentHost, DocumentItem } from './plan-document.ts';

/** A row of what differs between things that are alike otherwise: `CPU_LIST`, and the value of each. */
export interface Differing {
  readonly name: string;
  readonly values: readonly string[];
}

/** Changes of one host that are alike but for a number of their own: the scripts of fourteen tasks. */
export interface ChangeGroup {
  readonly state: 'changes';
  readonly task: string;
  readonly kind: string;
  readonly resource: string;
  /** With the numbers as a range: `file /opt/worker-[1:14]p1/start.sh`. */
  readonly title: string;
  readonly action: DocumentChange['action'];
  /** The first of them, which stands for the others. */
  readonly first: DocumentChange;
  readonly size: number;
  /** What differs in their texts besides the number. */
  readonly differing: readonly Differing[];
}

type Restart = Extract<DocumentItem, { state: 'restart' }>;

/** Processes of one host that lack the same. */
export interface RestartGroup {
  readonly state: 'restarts';
  readonly task: string;
  readonly kind: string;
  readonly resource: string;
  readonly title: string;
  readonly reasons: readonly string[];
  readonly processes: readonly Pick<Restart, 'process' | 'pid' | 'since'>[];
}

/** Things of a comparison of two states that no plan of a host has. */
export interface NamedThings {
  /** left: fcops kept them, and does not any more. added: processes that are to run from now on. */
  readonly state: 'left' | 'added';
  readonly task: string;
  readonly kind: string;
  readonly resource: string;
  readonly title: string;
  readonly names: readonly string[];
}

/** What is shown of a plan in one place: a thing as the plan has it, or several that are alike. */
export type ShownItem =
  | Exclude<DocumentItem, { state: 'restart' }>
  | ChangeGroup
  | RestartGroup
  | NamedThings;

/** A host with what is shown of it. */
export interface ShownHost extends Pick<DocumentHost, 'host' | 'address' | 'listen'> {
  readonly items: readonly ShownItem[];
}

import { words } from '../../core/shell.ts';
import type { Ask } from '../look.ts';
import { defineLook } from '../look.ts';
import { networkShell } from '../mounts/look.ts';
import { textShell, unescapeText } from '../text/text.ts';
import shell from './look.sh';

/** What is in a directory. */
export interface EntriesAsk extends Ask {
  readonly look: 'entries';
  readonly path: string;
}

export const askEntries = (path: string): EntriesAsk => ({ look: 'entries', path });

export type Entries =
  | { readonly type: 'mounted' }
  /** Of many only the first are named. */
  | { readonly type: 'known'; readonly count: number; readonly names: readonly string[] };

/** What directories hold; nothing is seen of what is no directory. */
export const entriesLook = defineLook<EntriesAsk, Entries>({
  name: 'entries',
  is: (ask): ask is EntriesAsk => ask.look === 'entries',
  shell: [textShell, networkShell, shell],
  touches: ({ path }) => [path],
  key: ({ path }) => path,
  call: (asks) => words('fcops_entries', ...asks.map(({ path }) => path)),
  rows: ['entries'],
  parse: (rows) => ({
    seen: new Map(
      rows.map(([, path = '', word = '', ...names]) => [
        path,
        word === 'mounted'
          ? { type: 'mounted' }
          : { type: 'known', count: Number(word), names: names.map(unescapeText) },
      ]),
    ),
    reasons: new Map(),
  }),
});

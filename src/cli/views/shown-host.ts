import { addressesIn } from '../text/addresses.ts';
import { groupChanges } from './like-changes.ts';
import type { DocumentHost, DocumentItem } from './plan-document.ts';
import { groupRestarts } from './restarts.ts';
import type { ShownHost, ShownItem } from './shown-items.ts';

/** What keeps a host from being changed. */
export const isObstacle = (item: DocumentItem): boolean =>
  item.state === 'unknown' || (item.state === 'violated' && item.severity === 'enforce');

/** What is shown of a host above the ends: things that are alike as one, unless all is asked for. */
export const shownHost = ({ host, state, items, ...about }: DocumentHost, full: boolean): ShownHost => {
  const shown = items.filter((item) => {
    // That none of its processes runs is told where there is nothing else to tell, and beside changes.
    if (item.state === 'idle') return state === 'changes';
    // What stands in the way of a host is told at the end, and what waits for that is left out.
    return state !== 'blocked' || full || (item.state !== 'change' && !isObstacle(item));
  });
  const changes = shown.filter((item) => item.state === 'change');
  const grouped: ReadonlyMap<string, ShownItem> = new Map(
    (full ? changes : groupChanges(changes)).map((item) => [item.resource, item]),
  );
  const single = shown.flatMap((item): ShownItem[] => {
    if (item.state === 'restart') return [];
    if (item.state !== 'change') return [item];
    const shownAs = grouped.get(item.resource);
    return shownAs ? [shownAs] : [];
  });
  const restarts = groupRestarts(shown.filter((item) => item.state === 'restart'));
  return { host, ...addressesIn(about), items: [...single, ...restarts] };
};

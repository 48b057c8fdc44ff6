import type { Paint } from '../text/paint.ts';
import { wrap } from '../text/width.ts';
import type { SavedPlanDocument } from './show-document.ts';

/** What is said of a saved plan before the plan itself: what it is, whose, and until when. */
export const savedPlanLines = (
  { digest, version, who, made, expires, expired, request }: SavedPlanDocument,
  { width, paint, apply }: { readonly width: number; readonly paint: Paint; readonly apply: string },
): string[] => {
  const { role, miner, tags, start, preflight } = request;
  const options = [
    ...(tags.length > 0 ? [`--tags ${tags.join(',')}`] : []),
    ...(start ? ['--start'] : []),
    ...(start && !preflight ? ['--no-preflight'] : []),
  ];
  const until = expired
    ? paint.bad(`expired at ${expires}: it cannot be applied any more`)
    : `until ${expires}: ${apply}`;
  return [
    paint.strong(['saved plan:', role, 'of', miner, ...options].join(' ')),
    `  made     ${made} by ${who}, fcops ${version}`,
    `  digest   ${digest}`,
    ...wrap(`  applies  ${until}`, width, 11),
    '',
  ];
};

/** The same in one sentence. */
export const savedWords = ({ digest, who, made, expires, expired }: SavedPlanDocument): string =>
  `Saved by ${who} at ${made}, ${digest}; ${expired ? `expired at ${expires}` : `can be applied until ${expires}`}.`;

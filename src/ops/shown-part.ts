import { KiB } from '../core/units.ts';

/** A part of a text; `cut`: there was more. */
export interface CutText {
  readonly text: string;
  readonly cut: boolean;
}

/**
 * Bytes that are read beyond those that are shown: nobody masks a part of a secret, so one that the cut goes through has
 * to be among them as a whole.
 */
export const BEYOND = 4 * KiB;

/** So many bytes as text; where there are more, what is left of a letter at the cut is left out. */
export const cutText = (bytes: Buffer, limit: number, isCut = bytes.length > limit): CutText => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return { text: decoder.decode(bytes.subarray(0, limit), { stream: isCut }), cut: isCut };
};

/** So many bytes of what was read with `BEYOND`, as they may be shown. */
export const shownPart = (
  { text, cut }: CutText,
  masked: (text: string) => string,
  limit: number,
): CutText => {
  const bytes = Buffer.from(masked(text));
  return cut
    ? cutText(bytes, Math.min(limit, Math.max(0, bytes.length - BEYOND)), true)
    : cutText(bytes, limit);
};

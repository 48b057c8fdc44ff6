import * as z from 'zod';

export type PathState =
  | { readonly type: 'absent' }
  | FileState
  | ({ readonly type: 'directory' } & Ownership)
  | { readonly type: 'link'; readonly target: string }
  | { readonly type: 'other' };

export interface Ownership {
  /** Four octal digits: `0644`. */
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

export interface FileState extends Ownership {
  readonly type: 'file';
  readonly bytes: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** Where the ask wanted it or the text, and the file could be read. */
  readonly sha256?: string;
  /** Where the ask wanted it, and the file has no more than 256 KiB. */
  readonly text?: string;
}

/** What `state_of` in base.sh prints for a path: a step goes on only where the path is still so. */
export const stateWordSchema = z.string();

/** The word for what was seen at a path. */
export const stateWord = (state: PathState): string => {
  switch (state.type) {
    case 'file':
      return state.sha256 ?? 'unread';
    case 'link':
      return `link:${state.target}`;
    default:
      return state.type;
  }
};

export const ownershipSchema = {
  mode: z.string().describe('Four octal digits.'),
  owner: z.string(),
  group: z.string(),
};

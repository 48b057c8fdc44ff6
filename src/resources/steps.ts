import { sha256 } from '../core/sha256.ts';
import { words } from '../core/shell.ts';
import type { PathState } from './observation.ts';

/** What `state_of` in apply.sh prints for a path that is as it was seen. */
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

export interface FileAttributes {
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
}

/** The step that puts a file in place, its text as base64 on standard input. */
export const putFile = (path: string, text: string, to: FileAttributes, seen: PathState): string => {
  const data = Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n');
  const command = words('put_file', path, to.mode, to.owner, to.group, sha256(text), stateWord(seen));
  return `${command} <<'FCOPS_DATA'\n${data}\nFCOPS_DATA`;
};

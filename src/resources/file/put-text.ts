import type { Step } from '../kinds.ts';
import type { FileState } from '../path/state.ts';
import { stateWord } from '../path/state.ts';
import { FILE_DEADLINE } from './step.ts';

/** The step that writes a short text over a file as it was seen: owner and mode stay, a new file is root's. */
export const putText = (path: string, text: string, now: FileState | undefined): Step => {
  const { mode, owner, group } = now ?? { mode: '0644', owner: 'root', group: 'root' };
  const seen = stateWord(now ?? { type: 'absent' });
  return { step: 'put-file', path, mode, owner, group, content: [text], seen, deadline: FILE_DEADLINE };
};

import { edit } from '../core/next.ts';
import { FcopsError } from '../core/problem.ts';

/** That an option has nothing to be about: `says` what it says of another one, which is not given, and `add` is that one. */
export const lackingOption = (says: string, add: string): FcopsError =>
  new FcopsError({
    kind: 'usage',
    what: `${says}, and that is not given`,
    next: [edit(`add ${add}`)],
  });

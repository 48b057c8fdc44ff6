import { shellOnHost } from '../../core/next.ts';
import type { Diff } from '../resource.ts';

/** Something else is where a file or directory shall be: nothing of it is removed, which stops the host. */
export const inTheWay = (path: string, what: string): Diff => ({
  state: 'violated',
  violation: {
    message: `${path} is there and ${what}`,
    next: [shellOnHost(`mv ${path} ${path}.old`, 'move it away')],
    severity: 'enforce',
  },
});

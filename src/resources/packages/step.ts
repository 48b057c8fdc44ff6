import * as z from 'zod';
import { throughProxy, words } from '../../core/shell.ts';
import { stepKind } from '../step-kind.ts';
import { packageChangesShell } from './look.ts';
import shell from './step.sh';

/** Seconds that packages may take: a driver of the GPU builds its modules for each kernel. */
export const PACKAGES_DEADLINE = 3600;

/** Installs packages of the distribution, all by one call; of others only those that are named may go or change. */
export const installPackages = stepKind({
  schema: z.strictObject({
    step: z.literal('install-packages'),
    manager: z.enum(['apt', 'yum']),
    names: z.array(z.string()).readonly(),
    // Plans of before have neither: nothing was allowed by name.
    mayRemove: z.array(z.string()).readonly().default([]),
    mayUpgrade: z.array(z.string()).readonly().default([]),
    keys: z.record(z.string(), z.string()).readonly().default({}),
    proxy: z.string().nullable().default(null),
    deadline: z.int(),
  }),
  shell: `${packageChangesShell}\n${shell}`,
  bash: ({ manager, names, mayRemove, mayUpgrade, keys, proxy }) =>
    throughProxy(
      proxy,
      words(
        'install_packages',
        manager,
        Object.entries(keys)
          .map(([name, key]) => `${name}=${key}`)
          .join(' '),
        mayRemove.join(' '),
        mayUpgrade.join(' '),
        ...names,
      ),
    ),
});

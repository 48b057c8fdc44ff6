import type { PrecompiledTemplates } from './precompiled.ts';

/**
 * The shipped templates, compiled when fcops is built (build.mjs puts what precompile.ts gives in the place of this
 * file): compiling them is a sixth of the time of a run on one host. Without a build there are none, and each is
 * compiled when it is used, as those of `--templates` are.
 */
export const shippedTemplates: PrecompiledTemplates = new Map();

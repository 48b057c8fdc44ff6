import base from './apply.sh';

/** All functions that the steps of changes use: stands before the first step of an apply script. */
export const applyShell: string = base;

import { printable } from './width.ts';

/** `file:/etc/fstab` → `file /etc/fstab` */
export const resourceName = (id: string): string => printable(id.replace(':', ' '));

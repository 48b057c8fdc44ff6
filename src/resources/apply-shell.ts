import base from './apply.sh';
import archive from './apply-archive.sh';
import boot from './apply-boot.sh';
import lines from './apply-lines.sh';
import system from './apply-system.sh';
import grub from './grub.sh';
import hugepages from './probes/hugepages.sh';
import mounts from './probes/mount.sh';

/** All functions that the steps of changes use: stands before the first step of an apply script. */
export const applyShell: string = [base, lines, mounts, system, grub, hugepages, boot, archive].join('\n');

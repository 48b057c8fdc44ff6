import { words } from '../../core/shell.ts';
import { formatBytes, KiB } from '../../core/units.ts';
import type { Step } from '../kinds.ts';

/** What `fcops rollback` does about a step. */
export type Undone =
  /** The host keeps what it was before (`keep`, `remember` in base.sh), and that is put back. */
  | { readonly type: 'put back' }
  /** It only has others take effect: what it was before follows from those. */
  | { readonly type: 'follows' }
  /** It is not undone: what it was about, and why, in words that follow that. */
  | { readonly type: 'stays'; readonly what: string; readonly why: string };

const PUT_BACK = { type: 'put back' } as const;
const FOLLOWS = { type: 'follows' } as const;
const stays = (what: string, why: string): Undone => ({ type: 'stays', what, why });

const DATA = 'stays: it is data, which no rollback removes';
const MOUNTED = 'stays mounted: what works there would lose its files';
const CHAIN = 'stays: what was made with the chain cannot be taken back';

/** The one list of what becomes of each kind of step in a rollback: a new kind has to stand here. */
export const undoneOf = (step: Step): Undone => {
  switch (step.step) {
    case 'put-file':
    case 'rewrite-file':
    case 'set-ownership':
    case 'put-directory':
    case 'put-link':
    case 'edit-lines':
    case 'edit-crontab':
    case 'set-sysctl':
    // Whether it is started at boot. What runs is neither started nor stopped.
    case 'put-unit':
    case 'reexec-manager':
    case 'remove-units':
    case 'set-hostname':
    case 'restore-file':
    case 'take-away':
    case 'restore-crontab':
    case 'restore-grub':
      return PUT_BACK;
    case 'daemon-reload':
    case 'update-grub':
      return FOLLOWS;
    case 'install-packages':
      return stays(step.names.join(', '), 'stay installed: what else needs them by now cannot be told');
    case 'put-archive':
      return stays(
        step.directory,
        'stays: with it the way forward needs no download, and a later version removes it',
      );
    case 'mount':
    case 'mount-storage':
      return stays(step.target, MOUNTED);
    case 'allocate-hugepages':
      return stays(
        `huge pages of ${formatBytes(step.pageKib * KiB)}`,
        'stay allocated until the machine is started anew',
      );
    case 'run-command':
      return stays(step.name, 'stays done: what else a command has changed is not known');
    case 'start-process':
      return stays(step.name, 'runs on: a rollback stops nothing');
    case 'stop-process':
      return stays(step.name, 'stays stopped: a rollback starts nothing');
    case 'reboot':
      return stays('the machine', 'was rebooted: a rollback does not do that again');
    case 'init-process':
      return stays(step.name, 'keeps what its init gave it');
    case 'fetch-file':
      return stays(step.path, DATA);
    case 'import-chain':
      return stays(step.repository, DATA);
    case 'copy-parameters':
      return stays(step.directory, DATA);
    case 'fetch-parameters':
      return stays('proof parameters', DATA);
    case 'make-wallets':
      return stays('wallets', 'stay: with a wallet what is in it would be lost');
    case 'init-miner':
    case 'restore-miner':
      return stays(step.repository, CHAIN);
    case 'attach-storage':
      return stays(step.path, DATA);
    case 'backup-metadata':
      return stays(step.name, DATA);
    case 'take-backup':
      return stays('the backup', DATA);
    case 'update-sector':
    case 'remove-sector':
      return stays(`sector ${step.sector}`, CHAIN);
    case 'abort-job':
      return stays(`task ${step.id}`, CHAIN);
    case 'pledge-sector':
      return stays('a sector', CHAIN);
  }
};

/** Of a step that is not undone, what is noted of it on the host before it begins; nothing of others. */
export const staysBash = (step: Step): string => {
  const undone = undoneOf(step);
  return undone.type === 'stays' ? `${words('did', undone.what, undone.why)}\n` : '';
};

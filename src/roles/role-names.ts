/** The roles that can be deployed, with what each is: arguments, completions and help follow from it. */
export const ROLE_ABOUT = {
  miner: 'lotus and lotus-miner',
  p1: 'APx, P1 × n and P2 on one machine',
  c2: 'one C2 worker a GPU',
  apx: 'APx alone',
} as const;

export type DeployableRole = keyof typeof ROLE_ABOUT;

const isRoleName = (name: string): name is DeployableRole => Object.hasOwn(ROLE_ABOUT, name);

export const ROLE_NAMES: readonly DeployableRole[] = Object.keys(ROLE_ABOUT).filter(isRoleName);

/** The names as people read them: `p1, c2 or apx`. */
export const ONE_OF_THE_ROLES = ROLE_NAMES.join(', ').replace(/, ([^,]*)$/, ' or $1');

/** Those of them whose processes are laid out on a hardware model. */
export const LAYOUT_ROLES = ['p1', 'c2', 'apx'] as const satisfies readonly DeployableRole[];
export type LayoutRole = (typeof LAYOUT_ROLES)[number];

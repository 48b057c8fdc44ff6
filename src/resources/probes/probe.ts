/**
 * Something to look at on a host, as data. Probes of one sort are looked at together, equal ones once; see
 * the file of the sort for the shell that looks and the parser of what it prints.
 */
export type Probe =
  | PathProbe
  | PackageProbe
  | SysctlProbe
  | UnitProbe
  | ManagerProbe
  | MountProbe
  | CrontabProbe
  | HugepagesProbe
  | GuardProbe;

/** A path: what is there, and its text where it is wanted. */
export interface PathProbe {
  readonly probe: 'path';
  readonly path: string;
  /** Bring the text of a file along: never, where its sha256 is not `sha256`, or always. */
  readonly text: 'never' | 'unless' | 'always';
  readonly sha256?: string;
}

/** A package of the distribution, by its name for dpkg or rpm. */
export interface PackageProbe {
  readonly probe: 'package';
  readonly manager: 'apt' | 'yum';
  readonly name: string;
}

/** The live value of a kernel setting. */
export interface SysctlProbe {
  readonly probe: 'sysctl';
  readonly key: string;
}

/** A systemd unit. */
export interface UnitProbe {
  readonly probe: 'unit';
  readonly name: string;
}

/** A property of the systemd manager itself, such as DefaultLimitNOFILE. */
export interface ManagerProbe {
  readonly probe: 'manager';
  readonly property: string;
}

/** What is mounted at a directory, and how much room it has. */
export interface MountProbe {
  readonly probe: 'mount';
  readonly target: string;
}

export interface CrontabProbe {
  readonly probe: 'crontab';
  readonly user: string;
}

/** Pages of one size that each NUMA node has and that are free. */
export interface HugepagesProbe {
  readonly probe: 'hugepages';
  readonly pageKib: number;
}

/** A read-only script with an answer: its status, and the first lines that it prints. */
export interface GuardProbe {
  readonly probe: 'guard';
  readonly name: string;
  readonly script: string;
}

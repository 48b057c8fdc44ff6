import { DEFAULT_OS } from '../core/distributions.ts';
import type { RoleName } from './cluster.ts';
import type { Section } from './edit/sections.ts';

/** Name of the schema that lies beside cluster files, for editors. */
export const SCHEMA_FILE = 'inventory.schema.json';

/** First line of a cluster file: editors with a YAML language server check and complete it by the schema. */
export const SCHEMA_LINE = `# yaml-language-server: $schema=./${SCHEMA_FILE}`;

/** What a starting inventory is made for. */
export interface Start {
  readonly miner: string;
  /** Roles that get a host each; at least one. */
  readonly roles: readonly RoleName[];
  /** Names of the hardware models at hand. */
  readonly profiles: readonly string[];
}

/** The environment variable that a starting inventory names for the token of a miner's API. */
export const tokenVariable = (miner: string): string => `${miner.toUpperCase()}_TOKEN`;

/** A program of a role: its key below `versions`, a version of it. */
interface Program {
  readonly key: string;
  readonly version: string;
}

const EXAMPLES: Readonly<Record<RoleName, { readonly host: string; readonly programs: readonly Program[] }>> =
  {
    miner: {
      host: 'miner-1',
      programs: [
        { key: 'lotus', version: '1.11.1-3079a405a' },
        { key: 'miner', version: '1.11.1-3079a405a' },
      ],
    },
    p1: { host: 'p1-50', programs: [{ key: 'p1', version: '1.11.1-3079a405a' }] },
    c2: { host: 'c2-10', programs: [{ key: 'c2', version: '1.11.1-3079a405a-intel' }] },
    apx: { host: 'apx-60', programs: [{ key: 'apx', version: '1.11.1-3079a405a' }] },
  };

const STATED_API = (
  miner: string,
): string => `# The miner's API as workers reach it: the contents of the files api and token in lotus-miner's repository.
# A secret never stands in this file, only where it is kept: encrypted beside it (age: \`fcops secrets set NAME\`), in an
# environment variable (env), in a file of mode 0600 (file), or in a vault that a command asks (exec).
api:
  address: <content of the file api> # like /ip4/192.168.10.1/tcp/2345/http
  token: { env: ${tokenVariable(miner)} }`;

const API_OF_MINER = `# The miner's API as workers reach it: each run reads address and token from the miner host, and keeps them nowhere.
api:
  from: miner`;

const programsOf = (roles: Start['roles']): readonly Program[] =>
  roles.flatMap((role) => EXAMPLES[role].programs);

/** Whether a value is still to be filled in: `<…>` stands there, as in a starting file, or nothing behind its key. */
export const isBlank = (value: unknown): boolean =>
  value === null || (typeof value === 'string' && /^(?:<.+>)?$/.test(value));

/** Keys at the top of a cluster file that it cannot do without. */
export const NEEDED_KEYS = ['miner', 'sectorSize', 'api', 'versions', 'artifacts', 'hosts'] as const;
type NeededKey = (typeof NEEDED_KEYS)[number];

/** What stands under each of them to begin with, with the comments above it. */
const SECTIONS: Readonly<Record<NeededKey, (start: Start) => string>> = {
  miner: ({ miner }) => `miner: ${miner}`,
  sectorSize: () => 'sectorSize: <32GiB or 64GiB>',
  api: ({ miner, roles }) => (roles.includes('miner') ? API_OF_MINER : STATED_API(miner)),
  versions: ({
    roles,
  }) => `# Versions of the programs. The end of one says what it is built for: nothing for AMD with Ubuntu or Debian, -intel for
# Intel with Ubuntu or Debian, -centos for AMD with CentOS.
versions:
${programsOf(roles)
  .map(({ key, version }) => `  ${key}: <version> # like ${version}`)
  .join('\n')}`,
  artifacts:
    () => `# Hosts download the archives of these versions from here themselves, and accept each only with its sha256, which
# \`fcops artifacts hash NAME --write\` reads there and puts in (or what \`sha256sum *.tar.gz\` prints, each archive once).
artifacts:
  url: <URL of their directory> # like http://artifacts.example.com/application/filecoin
  # user: deploy # where the server asks for one
  # password: { env: ARTIFACTS_PASSWORD } # or { age: NAME }, { file: PATH }, { exec: [COMMAND, ...] }
  sha256: {}`,
  hosts: ({
    roles,
    profiles,
  }) => `# Hardware models: ${profiles.join(', ')}. \`fcops layout MODEL\` draws one.
# One host more: \`fcops inventory add-host NAME ADDRESS --role ROLE --profile MODEL\`. Remove those that you do not have.
hosts:
${roles
  .map(
    (role) =>
      `  - { name: ${EXAMPLES[role].host}, address: <IPv4 address>, roles: [${role}], profile: <hardware model> }`,
  )
  .join('\n')}`,
};

/** The sections of a starting file, for one that lacks some. */
export const startingSections = (start: Start): readonly Section[] =>
  NEEDED_KEYS.map((key) => ({ key, text: SECTIONS[key](start) }));

/**
 * A cluster file to begin with. What only its owner knows stands in it as `<…>`, which no key accepts: until it is
 * filled in `fcops inventory check` tells each, and nothing is deployed to a machine that an example happens to name.
 */
export const startingFile = (start: Start): string => `${SCHEMA_LINE}
# One file a cluster, named after its miner id. Fill in what stands in <…>: \`fcops inventory check\` tells what is left.
# Quote what looks like a number but is a name: a version "1.10" or a hash "15490e24".

${SECTIONS.miner(start)}
${SECTIONS.sectorSize(start)}

${SECTIONS.api(start)}

${SECTIONS.versions(start)}

${SECTIONS.artifacts(start)}

# os, ssh, versions, variables and checks may be set here for all hosts, and otherwise for groups and single hosts.
os: ${DEFAULT_OS}
# ssh: { user: root, privateKey: ~/.ssh/id_ed25519 } # what ~/.ssh/config says needs no word here
# variables: { timezone: Asia/Shanghai }

${SECTIONS.hosts(start)}
`;

import { DEFAULT_OS } from '../core/distributions.ts';
import type { RoleName } from './cluster.ts';

/** Name of the schema that lies beside cluster files, for editors. */
export const SCHEMA_FILE = 'inventory.schema.json';

/** First line of a cluster file: editors with a YAML language server check and complete it by the schema. */
export const SCHEMA_LINE = `# yaml-language-server: $schema=./${SCHEMA_FILE}`;

/** What a starting inventory is made for. */
export interface Start {
  readonly miner: string;
  /** Roles that get a host each; at least one. */
  readonly roles: readonly Extract<RoleName, 'p1' | 'c2' | 'apx'>[];
  /** Names of the hardware models at hand. */
  readonly profiles: readonly string[];
}

/** The environment variable that a starting inventory names for the token of a miner's API. */
export const tokenVariable = (miner: string): string => `${miner.toUpperCase()}_TOKEN`;

const EXAMPLES = {
  p1: { host: 'p1-50', version: '1.11.1-3079a405a' },
  c2: { host: 'c2-10', version: '1.11.1-3079a405a-intel' },
  apx: { host: 'apx-60', version: '1.11.1-3079a405a' },
} as const;

/**
 * A cluster file to begin with. What only its owner knows stands in it as `<…>`, which no key accepts: until it is
 * filled in `fcops inventory check` tells each, and nothing is deployed to a machine that an example happens to name.
 */
export const startingFile = ({ miner, roles, profiles }: Start): string => `${SCHEMA_LINE}
# One file a cluster, named after its miner id. Fill in what stands in <…>: \`fcops inventory check\` tells what is left.
# Quote what looks like a number but is a name: a version "1.10" or a hash "15490e24".

miner: ${miner}
sectorSize: <32GiB or 64GiB>

# The miner's API as workers reach it: the contents of the files api and token in lotus-miner's repository.
# A secret never stands in this file: it is in an environment variable (env) or in a file of mode 0600 (file).
api:
  address: <content of the file api> # like /ip4/192.168.10.1/tcp/2345/http
  token: { env: ${tokenVariable(miner)} }

# Versions of lotus-worker. The end of one says what it is built for: nothing for AMD with Ubuntu or Debian, -intel for
# Intel with Ubuntu or Debian, -centos for AMD with CentOS.
versions:
${roles.map((role) => `  ${role}: <version> # like ${EXAMPLES[role].version}`).join('\n')}

# Hosts download the archives of these versions from here themselves, and accept each only with its sha256.
artifacts:
  url: <URL of their directory> # like http://artifacts.example.com/application/filecoin
  # user: deploy # where the server asks for one
  # password: { env: ARTIFACTS_PASSWORD }
  sha256: # what \`sha256sum *.tar.gz\` prints there, each archive once
${roles.map((role) => `    lotus-worker-<version-of-${role}>.tar.gz: <sha256>`).join('\n')}

# os, ssh, versions, variables and checks may be set here for all hosts, and otherwise for single hosts.
os: ${DEFAULT_OS}
# ssh: { user: root, privateKey: ~/.ssh/id_ed25519 } # what ~/.ssh/config says needs no word here
# variables: { timezone: Asia/Shanghai }

# Hardware models: ${profiles.join(', ')}. \`fcops layout MODEL\` draws one.
hosts:
${roles
  .map(
    (role) =>
      `  - { name: ${EXAMPLES[role].host}, address: <IPv4 address>, roles: [${role}], profile: <hardware model> }`,
  )
  .join('\n')}
`;

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactServer, packProgram } from '../artifact-server.ts';
import type { PlainHost } from '../host-set.ts';

/** The programs of lotus that there are simulations of. */
export const LOTUS_PROGRAMS = ['lotus', 'lotus-miner', 'lotus-worker'] as const;
export type LotusProgram = (typeof LOTUS_PROGRAMS)[number];

const part = (name: string): Promise<string> => readFile(new URL(`${name}.sh`, import.meta.url), 'utf8');

/** `1.11.1-39c692f52-intel`, as archives are called, as the program itself prints it. */
const printed = (version: string): string => {
  const [release = '', commit = '15d90c24e'] = version.split('-');
  return `${release}+mainnet+git.${commit}`;
};

/** The text of a simulated program: one file, as an archive of the real one holds it. */
export const lotusProgram = async (program: LotusProgram, version = '1.11.1'): Promise<string> =>
  [
    '#!/bin/bash',
    `program=${program} version=${printed(version)}`,
    await part('common'),
    await part(program),
    // What overwrites the file while it runs changes nothing: no line of it is read after this one.
    'main "$@"; exit',
    '',
  ].join('\n');

/** The archive of a version of a program, as the artifact server gives it out: its name, and what is in it. */
export const lotusArchive = async (
  program: LotusProgram,
  version: string,
): Promise<{ readonly name: string; readonly body: Buffer }> => ({
  name: `${program}-${version}.tar.gz`,
  body: await packProgram(program, await lotusProgram(program, version)),
});

/** Publishes archives of programs of a version; gives the sha256 of each by its name, for `artifacts.sha256`. */
export const publishLotus = async (
  artifacts: Pick<ArtifactServer, 'publish'>,
  version: string,
  programs: readonly LotusProgram[],
): Promise<Readonly<Record<string, string>>> => {
  const archives = await Promise.all(programs.map((program) => lotusArchive(program, version)));
  return Object.fromEntries(archives.map(({ name, body }) => [name, artifacts.publish(name, body)]));
};

/** Puts the three programs into /usr/local/bin of a host. */
export const installLotus = async (host: PlainHost): Promise<void> => {
  await Promise.all(
    LOTUS_PROGRAMS.map(async (program) => {
      const file = join(host.root, 'usr/local/bin', program);
      await writeFile(file, await lotusProgram(program), { mode: 0o755 });
    }),
  );
};

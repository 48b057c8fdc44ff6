import { posix } from 'node:path';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { type Profile, profileSchema } from '../core/profile.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Files } from './files.ts';
import { profileJsonSchema } from './schema.ts';
import { readYaml } from './yaml-file.ts';
import { zodProblems } from './zod-problems.ts';

/** Profiles by name. */
export type Profiles = ReadonlyMap<string, Profile> & {
  /** What is wrong with the files of others: it matters only to who uses them (see `profileNamed`). */
  readonly broken?: ReadonlyMap<string, readonly Problem[]>;
};

/** Every `*.yaml` of a directory as a profile of that name. Throws where there is no such directory. */
export const loadProfiles = (directory: string, files: Files): Profiles => {
  const names = files.list(directory);
  if (!names)
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no such directory of profiles',
      where: { file: directory },
      next: [edit('leave out --profiles for the ones that come with fcops')],
    });
  const read = names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((file) => ({
      name: file.replace(/\.yaml$/, ''),
      ...readProfile(posix.join(directory, file), files),
    }));
  const sound = new Map(
    read.flatMap(({ name, content, problems }) =>
      content && problems.length === 0 ? [[name, { ...content, name }] as const] : [],
    ),
  );
  const broken = new Map(
    read.flatMap(({ name, problems }) => (problems.length > 0 ? [[name, problems] as const] : [])),
  );
  return Object.assign(sound, { broken });
};

const readProfile = (file: string, files: Files) => {
  const yaml = readYaml(file, files.read(file) ?? '');
  const parsed = profileSchema.safeParse(yaml.value);
  const found =
    yaml.readable && !parsed.success
      ? zodProblems(parsed.error.issues, yaml, { zod: profileSchema, json: profileJsonSchema() })
      : [];
  return { content: parsed.data, problems: [...yaml.problems, ...found] };
};

/** One profile. Throws one FcopsError with all that is wrong with its file, or that there is none. */
export const profileNamed = (profiles: Profiles, name: string): Profile => {
  const profile = profiles.get(name);
  if (profile) return profile;
  throw new FcopsError(
    profiles.broken?.get(name) ?? {
      kind: 'inventory',
      what: `there is no profile "${name}"`,
      next: [edit(didYouMean(name, [...profiles.keys(), ...(profiles.broken?.keys() ?? [])]))],
    },
  );
};

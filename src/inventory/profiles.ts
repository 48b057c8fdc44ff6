import { posix } from 'node:path';
import { edit } from '../core/next.ts';
import { FcopsError, type Problem } from '../core/problem.ts';
import { type Profile, profileSchema } from '../core/profile.ts';
import { didYouMean } from '../core/suggest.ts';
import type { Files } from './files.ts';
import { profileJsonSchema } from './schema.ts';
import { readYaml } from './yaml-file.ts';
import { zodProblems } from './zod-problems.ts';

/** The profiles of a directory. Each is read when it is asked for: a cluster uses one or two of them. */
export interface Profiles {
  /** Names of the files there, in order. */
  readonly names: readonly string[];
  /** Undefined where there is no such profile, or something is wrong with its file. */
  readonly get: (name: string) => Profile | undefined;
  /** What is wrong with the file of that name: it matters only to who uses it. The same list each time. */
  readonly problems: (name: string) => readonly Problem[];
}

/** Every `*.yaml` of a directory as a profile of that name. Throws where there is no such directory. */
export const loadProfiles = (directory: string, files: Files): Profiles => {
  const listed = files.list(directory);
  if (!listed)
    throw new FcopsError({
      kind: 'inventory',
      what: 'there is no such directory of profiles',
      where: { file: directory },
      next: [edit('leave out --profiles for the ones that come with fcops')],
    });
  const names = listed
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((file) => file.replace(/\.yaml$/, ''));
  const known = new Map<string, ReturnType<typeof readProfile>>();
  const read = (name: string) => {
    if (!names.includes(name)) return undefined;
    const profile = known.get(name) ?? readProfile(name, posix.join(directory, `${name}.yaml`), files);
    known.set(name, profile);
    return profile;
  };
  return {
    names,
    get: (name) => read(name)?.profile,
    problems: (name) => read(name)?.problems ?? [],
  };
};

const readProfile = (name: string, file: string, files: Files) => {
  const yaml = readYaml(file, files.read(file) ?? '');
  const parsed = profileSchema.safeParse(yaml.value);
  const found =
    yaml.readable && !parsed.success
      ? zodProblems(parsed.error.issues, yaml, { zod: profileSchema, json: profileJsonSchema() })
      : [];
  const problems = [...yaml.problems, ...found];
  const profile: Profile | undefined =
    parsed.success && problems.length === 0 ? { ...parsed.data, name, placeOf: yaml.valuePlace } : undefined;
  return { profile, problems };
};

/** One profile. Throws one FcopsError with all that is wrong with its file, or that there is none. */
export const profileNamed = (profiles: Profiles, name: string): Profile => {
  const profile = profiles.get(name);
  if (profile) return profile;
  const problems = profiles.problems(name);
  throw new FcopsError(
    problems.length > 0
      ? problems
      : {
          kind: 'inventory',
          what: `there is no profile "${name}"`,
          next: [edit(didYouMean(name, profiles.names))],
        },
  );
};

import { posix } from 'node:path';
import { FcopsError } from '../core/errors.ts';
import { type Profile, profileSchema } from '../core/profile.ts';
import type { Files } from './files.ts';
import { profileJsonSchema } from './schema.ts';
import { readYaml } from './yaml-file.ts';
import { zodProblems } from './zod-problems.ts';

/** Every `*.yaml` of a directory as a profile of that name. Throws one FcopsError with all that is wrong. */
export const loadProfiles = (directory: string, files: Files): ReadonlyMap<string, Profile> => {
  const names = files.list(directory);
  if (!names)
    throw new FcopsError({
      what: 'there is no such directory of profiles',
      where: { file: directory },
      next: 'leave out --profiles for the ones that come with fcops',
    });
  const read = names
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .map((name) => {
      const file = posix.join(directory, name);
      const yaml = readYaml(file, files.read(file) ?? '');
      const parsed = profileSchema.safeParse(yaml.value);
      const found =
        yaml.readable && !parsed.success ? zodProblems(parsed.error.issues, yaml, profileJsonSchema()) : [];
      const profile = parsed.success ? { ...parsed.data, name: name.replace(/\.yaml$/, '') } : undefined;
      return { profile, problems: [...yaml.problems, ...found] };
    });
  const problems = read.flatMap((entry) => entry.problems);
  if (problems.length > 0) throw new FcopsError(problems);
  return new Map(read.flatMap(({ profile }) => (profile ? [[profile.name, profile]] : [])));
};

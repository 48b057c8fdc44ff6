import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';

/** How a script of a recipe ended. */
export interface ScriptEnd {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a script as both forges do: by a bash that ends at the first command that fails, of a pipe too. */
export const runScript = async (
  script: string,
  {
    cwd,
    env,
    keptIn,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly keptIn: string },
): Promise<ScriptEnd> => {
  const file = join(keptIn, 'script.sh');
  writeFileSync(file, script);
  const ended = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file], {
    ...{ cwd, env, extendEnv: false, reject: false, stdin: 'ignore', stripFinalNewline: false },
  });
  return { exitCode: ended.exitCode ?? 128, stdout: ended.stdout, stderr: ended.stderr };
};

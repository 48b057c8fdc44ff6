import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The bundled fcops of this test run. */
    fcops: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles fcops once for a run of the tests, apart from dist/: what is tested is what is published. */
export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const directory = `${root}node_modules/.cache/fcops-${process.pid}`;
  await execa(process.execPath, ['build.mjs', directory], { cwd: root });
  provide('fcops', `${directory}/fcops.js`);
  return () => rm(directory, { recursive: true, force: true });
};

/**
 * `node --import ./test/typescript.mjs FILE.ts` runs TypeScript on any Node that fcops runs on: a loader that
 * takes the types off, and gives `.sh` files as text, as the bundler does.
 */
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

// The hooks run in a thread of their own, which loads this file again.
if (isMainThread) register(import.meta.url);

export const load = async (url, context, next) => {
  if (!/\.(ts|sh)$/.test(url)) return next(url, context);
  const text = await readFile(fileURLToPath(url), 'utf8');
  if (url.endsWith('.sh')) {
    return { format: 'module', shortCircuit: true, source: `export default ${JSON.stringify(text)}` };
  }
  const { transform } = await import('esbuild');
  const { code } = await transform(text, {
    loader: 'ts',
    format: 'esm',
    sourcemap: 'inline',
    sourcefile: url,
  });
  return { format: 'module', shortCircuit: true, source: code };
};

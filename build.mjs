/**
 * Bundles the program (src/cli/main.ts) and the API (src/ops/api.ts) to dist/ or the directory given: small entries,
 * the heavy parts in chunks loaded where used.
 */
import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Parts of ssh2 that a client never calls: they would be read, and node's https loaded, at every start. */
const clientOnly = {
  name: 'ssh2-client-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /ssh2[\\/]lib[\\/](http-agents|server|keygen|protocol[\\/]SFTP)\.js$/ }, () => ({
      contents: 'module.exports = {};',
    })),
};

const outdir = resolve(root, process.argv[2] ?? 'dist');
rmSync(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: { fcops: 'src/cli/main.ts', api: 'src/ops/api.ts' },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  plugins: [clientOnly],
  loader: { '.sh': 'text' },
  define: { 'process.env.FCOPS_VERSION': JSON.stringify(version) },
  // Native add-ons of ssh2: optional, and slower to install than they are worth.
  external: ['cpu-features', '*.node'],
  banner: {
    // What CommonJS packages find in their scope; ssh2 asks for __dirname.
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
  },
  logLevel: 'warning',
});
chmodSync(`${outdir}/fcops.js`, 0o755);

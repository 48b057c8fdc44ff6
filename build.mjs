/**
 * Bundles the program (src/cli/run.ts) and the API (src/ops/api.ts) to dist/ or the directory given, and a tiny entry
 * (src/cli/main.ts). The program is one file: what it has compiled is kept (src/cli/kept-code.ts), and what a run does
 * not use is never compiled.
 */
import { createHash } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, transformSync } from 'esbuild';

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

/**
 * What we use of zod, bundled beforehand: together with modules that are run when they are asked for, all of it would come
 * along, its forty languages too.
 */
const zodUsed = {
  name: 'zod-used',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^zod$/ }, ({ importer }) =>
      importer.startsWith(`${root}src/`) ? { path: 'zod', namespace: 'used' } : undefined,
    );
    onLoad({ filter: /^zod$/, namespace: 'used' }, async () => {
      // Without its types, a file has only what is called.
      const called = filesOf('src', '.ts').map(({ text }) => transformSync(text, { loader: 'ts' }).code);
      const used = new Set(called.flatMap((code) => code.match(/(?<=\bz\.)\w+/g) ?? []));
      const contents = `export { ${[...used].join(', ')} } from 'zod';`;
      const { outputFiles } = await build({ ...common, stdin: { contents, resolveDir: root }, write: false });
      return { contents: outputFiles[0].text };
    });
  },
};

/** The shipped templates, compiled already. */
const precompiled = {
  name: 'precompiled-templates',
  setup: ({ onLoad }) =>
    onLoad({ filter: /render[\\/]shipped-templates\.ts$/ }, async () => {
      const { precompiledModule } = await bundled('src/render/precompile.ts');
      return { contents: precompiledModule(filesOf('templates', '.hbs')) };
    }),
};

/** All files below a folder with such a name, in the order of their names. */
const filesOf = (folder, suffix) =>
  readdirSync(`${root}${folder}`, { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .toSorted()
    .map((name) => ({ file: `${folder}/${name}`, text: readFileSync(`${root}${folder}/${name}`, 'utf8') }));

/** A module of ours, for the build itself. */
const bundled = async (entry) => {
  const outfile = `${outdir}/for-the-build.cjs`;
  await build({ ...common, entryPoints: [entry], outfile, format: 'cjs' });
  try {
    return await import(pathToFileURL(outfile));
  } finally {
    rmSync(outfile);
  }
};

const outdir = resolve(root, process.argv[2] ?? 'dist');
const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  loader: { '.sh': 'text' },
  define: { 'process.env.FCOPS_VERSION': JSON.stringify(version) },
  // Native add-ons of ssh2: optional, and slower to install than they are worth.
  external: ['cpu-features', '*.node'],
  logLevel: 'warning',
};
const plugins = [clientOnly, zodUsed, precompiled];
rmSync(outdir, { recursive: true, force: true });
const program = `${outdir}/program.cjs`;
// What is compiled already may not ask the loader of modules: `import()` of what Node has comes out as `require()`.
const supported = { 'dynamic-import': false };
await build({
  ...common,
  entryPoints: ['src/cli/run.ts'],
  outfile: program,
  format: 'cjs',
  plugins,
  supported,
});
// It is read as ASCII. Of all texts, esbuild leaves those of regular expressions as they are.
const ascii = readFileSync(program, 'utf8').replace(
  /[^\0-\x7f]/g,
  (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
);
writeFileSync(program, ascii);
const digest = createHash('sha256').update(ascii).digest('hex').slice(0, 16);
await build({
  ...common,
  entryPoints: { fcops: 'src/cli/main.ts' },
  outdir,
  define: { ...common.define, 'process.env.FCOPS_BUILD': JSON.stringify(digest) },
});
await build({
  ...common,
  entryPoints: { api: 'src/ops/api.ts' },
  outdir,
  plugins,
  banner: {
    // What CommonJS packages find in their scope; ssh2 asks for __dirname.
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
  },
});
chmodSync(`${outdir}/fcops.js`, 0o755);

/**
 * Bundles the program (src/cli/main.ts) and the API (src/ops/api.ts) to dist/ or the directory given: a tiny entry, all
 * the code of ours in one file, and the packages that not every run needs in one each.
 *
 * Chunks for what each two commands have in common (esbuild's splitting) were eighty files to find and read before a plan
 * began: a sixth of the processor time of its start.
 */
import { chmodSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
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

/** What is a file of its own, loaded where it is used by `import()`. Other modules of ours are run only then, too. */
const apart = {
  program: 'src/cli/program.ts',
  world: 'src/cli/world.ts',
  execa: 'execa',
  handlebars: 'handlebars',
  'handlebars-runtime': 'handlebars/runtime',
  'shipped-templates': 'src/render/shipped-templates.ts',
  listr2: 'listr2',
  ssh2: 'ssh2',
  zod: 'zod',
};

const loadedApart = {
  name: 'loaded-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /./ }, ({ kind, path, importer }) => {
      const name = path.startsWith('.') ? basename(path, '.ts') : path.replace('/', '-');
      const isApart =
        kind === 'dynamic-import' && !importer.includes('node_modules') && Object.hasOwn(apart, name);
      return isApart ? { path: `./${name}.js`, external: true } : undefined;
    }),
};

/**
 * What we use of zod, a file of its own: bundled with modules that are run when they are asked for, all of it would come
 * along, its forty languages too.
 */
const zodUsed = {
  name: 'zod-used',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^zod$/ }, ({ kind, importer }) => {
      if (kind === 'entry-point') return { path: 'zod', namespace: 'used' };
      return importer.startsWith(`${root}src/`) ? { path: './zod.js', external: true } : undefined;
    });
    onLoad({ filter: /^zod$/, namespace: 'used' }, () => {
      const sources = readdirSync(`${root}src`, { recursive: true }).filter((name) => name.endsWith('.ts'));
      // Without its types, a file has only what is called.
      const texts = sources.map((name) => readFileSync(`${root}src/${name}`, 'utf8'));
      const called = texts.map((text) => transformSync(text, { loader: 'ts' }).code);
      const used = new Set(called.flatMap((code) => code.match(/(?<=\bz\.)\w+/g) ?? []));
      return { contents: `export { ${[...used].join(', ')} } from 'zod';`, resolveDir: root };
    });
  },
};

/** The shipped templates, compiled already. */
const precompiled = {
  name: 'precompiled-templates',
  setup: ({ onLoad }) =>
    onLoad({ filter: /render[\\/]shipped-templates\.ts$/ }, async () => {
      const { precompiledModule } = await bundled('src/render/precompile.ts');
      const names = readdirSync(`${root}templates`, { recursive: true }).filter((name) =>
        name.endsWith('.hbs'),
      );
      const files = names.toSorted().map((name) => `templates/${name}`);
      return {
        contents: precompiledModule(
          files.map((file) => ({ file, text: readFileSync(`${root}${file}`, 'utf8') })),
        ),
      };
    }),
};

/** A module of ours, for the build itself. */
const bundled = async (entry) => {
  const outfile = `${outdir}/for-the-build.mjs`;
  await build({ ...common, entryPoints: [entry], outfile });
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
  banner: {
    // What CommonJS packages find in their scope; ssh2 asks for __dirname.
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url),__dirname=import.meta.dirname,__filename=import.meta.filename;",
  },
  logLevel: 'warning',
};
rmSync(outdir, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: { fcops: 'src/cli/main.ts', api: 'src/ops/api.ts', ...apart },
  outdir,
  plugins: [clientOnly, loadedApart, zodUsed, precompiled],
});
chmodSync(`${outdir}/fcops.js`, 0o755);

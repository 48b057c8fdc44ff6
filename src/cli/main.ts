#!/usr/bin/env node
// Kept tiny: everything else is loaded only when it is needed, so that `fcops --version` costs no more than node.
const [first, ...rest] = process.argv.slice(2);
if (rest.length === 0 && (first === '--version' || first === '-V')) {
  process.stdout.write(`${process.env.FCOPS_VERSION ?? 'development'}\n`);
} else {
  const [{ runCli }, { nodeWorld }] = await Promise.all([import('./program.ts'), import('./world.ts')]);
  process.exitCode = await runCli(process.argv.slice(2), nodeWorld(import.meta.url));
}

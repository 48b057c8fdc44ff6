import { connector, TRANSPORTS } from '../../../src/transport/connect.ts';
import type { Target } from '../../../src/transport/connection.ts';
import { systemDeps } from '../../../src/transport/deps.ts';

/** A controller as a process of its own: runs one script, shows what it prints, and survives Ctrl-C if told to. */
const [name, target, script = '', survives] = process.argv.slice(2);
const transport = TRANSPORTS.find((one) => one === name) ?? 'local';
if (survives === 'survives') process.on('SIGINT', () => {});

const deps = systemDeps({ env: process.env, home: '/nonexistent', isRoot: true });
const to: Target = JSON.parse(target ?? '');
const connection = await (await connector(transport, deps))(to, new AbortController().signal);
const running = connection.exec(script);
for await (const chunk of running.stdout) process.stdout.write(chunk);
const { status, lost } = await running.exit;
process.stdout.write(`${JSON.stringify({ status, lost })}\n`);
await connection.close();

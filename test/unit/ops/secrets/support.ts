import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Keys that are good for nothing else. */
export const ALICE = {
  identity: 'AGE-SECRET-KEY-1Q9R4C497PJQPM628894DDFZQ8X7RLPE79WL6V5YLHFGJRQNHKJGSTCD7WY',
  recipient: 'age1l9fj27h3vp754ahswfufuet832tldq5wdplzk7hgg367kkqypf3qqzpgud',
} as const;
export const BOB = {
  identity: 'AGE-SECRET-KEY-1NMWQE7S6D8RPCSYRQHX74VMVJ43UEUFTGSA4KW8UQ9YHHRJ2D9DQWG6KT6',
  recipient: 'age1cvm8x0pr5jp8sutev294vpql9kvlm9y4uq6s5a0wxw4l689dmcqquvtskd',
} as const;

/** Made by `age -a -r … -r …` 1.1.1 for Alice and Bob. */
export const BY_AGE = `-----BEGIN AGE ENCRYPTED FILE-----
YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSArTDVhTVVnblJnOTQvdkx5
bERqczd3eG5GanRKL3ptNDYwdHM1RXE3SVM0CjNnLzcvcTRzRDZNYXR1cjV6UjBs
ZVFObVBxWHFQb1JIUE0yRlVkRW40b3MKLT4gWDI1NTE5IGtyRUpYamRNV3BPaWo3
Vm1GaWFEd01abHFKRWpYZXg1ZGJFWmpFSC93MncKM24yVkZzc0MxOTVmNnYxMTlS
ZnMzck1KZEczU1I4K09XZUlMRk1jaStOSQotLS0gU1FuYTd6bVJrREtQeUxsTWFV
VlA2NTJ5Q21UczF4RzVYRU5iMTltYUxhawrtKE7zx6fsiVIGQUlK0KHEQmjxzQAk
VVPqhl5pD4tvC5FC/vB2QFnujo7alnvqhijB4wA7zAU=
-----END AGE ENCRYPTED FILE-----
`;

/** A directory of files, gone with the test that makes it. */
export const temporaryFiles = (
  files: Readonly<Record<string, string | readonly [text: string, mode: number]>>,
): string => {
  const directory = mkdtempSync(join(tmpdir(), 'fcops-age-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    const [text, mode] = typeof content === 'string' ? [content, 0o600] : content;
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
  }
  return directory;
};

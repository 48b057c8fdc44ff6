import { describe, expect, it } from 'vitest';
import type { Content } from '../../../src/core/content.ts';
import { contentOf, maskedText } from '../../../src/core/content.ts';
import { environmentOf } from '../../../src/roles/environment.ts';

const read = (first: Content | string, ...others: readonly string[]) => {
  const { variables, isWhole } = environmentOf(
    typeof first === 'string' ? contentOf(first) : first,
    ...others.map((text) => contentOf(text)),
  );
  return { isWhole, ...Object.fromEntries(variables.map(({ name, value }) => [name, maskedText(value)])) };
};

describe('the environment of a process', () => {
  it('is what its files export, later ones over earlier ones', () => {
    expect(
      read(
        '# a profile\n\nexport A=1\nexport B="two words" # why\nC=3\n',
        `#!/bin/bash\nset -euo pipefail\nsource /opt/profile\nexport B='$A'\nexport D=\${C}$A\nrun --listen "$A" >log 2>&1 &\n`,
      ),
    ).toEqual({ isWhole: true, A: '1', B: '$A', D: '31' });
  });

  it('leaves out what takes a shell to know, and then is not whole', () => {
    expect(read('export A=$(date)\nexport B=1\n')).toEqual({ isWhole: false, B: '1' });
    expect(read('if true; then export A=1; fi\n')).toEqual({ isWhole: false });
    expect(read('export A=1\n', 'export A=$(hostname)\n')).toEqual({ isWhole: true });
    expect(read('export A=$UNKNOWN\n')).toEqual({ isWhole: false });
  });

  it('holds secrets by their names', () => {
    const token = { secret: 'env TOKEN', as: 'shell' } as const;
    const { variables } = environmentOf(contentOf('export API=', token, ':/ip4/1.2.3.4\nexport A=1\n'));
    expect(variables).toEqual([
      { name: 'API', value: [{ secret: 'env TOKEN', as: 'plain' }, ':/ip4/1.2.3.4'] },
      { name: 'A', value: ['1'] },
    ]);
    expect(read(contentOf('export API="', token, '"\n'))).toEqual({ isWhole: false });
  });

  it('of one process is not that of another with the same profile', () => {
    const profile = contentOf('export A=1\n');
    const script = (text: string) =>
      environmentOf(profile, contentOf(text)).variables.map(({ name }) => name);
    expect([script('export B=1'), script('export C=1')]).toEqual([
      ['A', 'B'],
      ['A', 'C'],
    ]);
  });
});

import { describe, expect, it } from 'vitest';
import { Screen } from '../../../../src/cli/views/screen.ts';

const start = () => {
  const writes: string[] = [];
  const size = { columns: 20 };
  const screen = new Screen({
    write: (text) => writes.push(text),
    columns: () => size.columns,
    rows: () => 10,
  });
  return { writes, size, screen };
};

describe('Screen', () => {
  it('paints a frame over the one before, each by one write', () => {
    const { writes, screen } = start();
    screen.paint(['one', 'two']);
    screen.paint(['three']);
    expect(writes).toEqual([
      '\u001b[?25lone\u001b[K\ntwo\u001b[K\n\u001b[J',
      '\r\u001b[2Athree\u001b[K\n\u001b[J',
    ]);
  });

  it('writes nothing where nothing is new', () => {
    const { writes, screen } = start();
    screen.paint(['one']);
    screen.paint(['one']);
    expect(writes).toHaveLength(1);
  });

  it('gives the place and the cursor back, once', () => {
    const { writes, screen } = start();
    screen.clear();
    screen.paint(['one']);
    screen.clear();
    screen.clear();
    expect(writes.slice(1)).toEqual(['\r\u001b[1A\u001b[K\n\u001b[1A\u001b[?25h']);
  });

  it('never clears to the end of the screen from its top, which terminals keep to be scrolled back to', () => {
    const { writes, screen } = start();
    screen.paint(['one', 'two']);
    screen.paint(['three', 'four']);
    screen.clear();
    for (const text of writes.slice(1)) expect(text).not.toContain('\u001b[J');
  });

  it('finds its first line again in a terminal that was made narrower', () => {
    const { writes, size, screen } = start();
    screen.paint(['1234567890', '中文中文中文']);
    size.columns = 6;
    screen.paint(['x']);
    expect(writes[1]?.startsWith('\r\u001b[4A')).toBe(true);
  });
});

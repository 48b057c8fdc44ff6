import { explainHost } from '../../ops/explain-host.ts';
import { commandLine } from '../command-line.ts';
import type { Action } from '../context.ts';
import { EXIT } from '../exit.ts';
import { sourcesOf } from '../sources.ts';
import { wrap } from '../text/width.ts';
import { explainDocument } from '../views/inventory-explain-document.ts';
import { explainText } from '../views/inventory-explain-text.ts';

/** `fcops inventory explain HOST [KEY]` */
export const explain: Action<{ readonly miner?: string }> = async (context, [host = '', key], { miner }) => {
  const { output } = context;
  const found = explainHost(sourcesOf(context), { host, key, miner });
  if (output.format === 'json') {
    output.printJson(explainDocument(found));
    return EXIT.done;
  }
  const { paint, width } = output;
  for (const line of explainText(found, { paint, width, full: key !== undefined })) output.printLine(line);
  if (key === undefined) {
    const profile = commandLine(context, ['inventory', 'explain', host, 'profile'], { miner });
    for (const line of wrap(`What the hardware model says: ${profile}`, width, 2))
      output.printLine(paint.quiet(line));
  }
  return EXIT.done;
};

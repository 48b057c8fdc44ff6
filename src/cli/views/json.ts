import type { Emit } from '../../engine/events.ts';
import { eventDocument } from './event-document.ts';

/** Shows a run as JSON, one event a line. */
export const jsonView =
  (writeLine: (line: string) => void, addresses: ReadonlyMap<string, string>): Emit =>
  (event) =>
    writeLine(JSON.stringify(eventDocument(event, addresses)));

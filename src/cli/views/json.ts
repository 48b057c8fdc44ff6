import { jsonText } from '../../core/invisible.ts';
import type { Emit } from '../../engine/events.ts';
import type { AddressBook } from '../text/addresses.ts';
import type { Words } from '../text/words.ts';
import { eventDocument } from './event-document.ts';

/** Shows a run as JSON, one event a line. */
export const jsonView =
  (writeLine: (line: string) => void, addresses: AddressBook, words: Words): Emit =>
  (event) =>
    writeLine(jsonText(eventDocument(event, addresses, words)));

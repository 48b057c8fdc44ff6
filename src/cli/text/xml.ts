import { escapeUnseen } from '../../core/invisible.ts';

/** A text as content of an element. Control characters are no part of XML: they are written as in JSON. */
export const content = (text: string): string =>
  text
    .split('\n')
    .map(escapeUnseen)
    .join('\n')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** The same between the quotes of an attribute. */
export const attribute = (text: string): string =>
  content(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;');

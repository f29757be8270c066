/* eslint-disable no-control-regex */

/** Controls other than newline and tab, bidi overrides and isolates, the byte order mark: shown as their code, so that they change nothing around them. */
const INVISIBLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g;

export const visible = (text: string): string =>
  text.replace(INVISIBLE, (found) => `[U+${found.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);

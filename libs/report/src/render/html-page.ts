// One HTML page that loads nothing, runs nothing and prints well: whatever a person typed is text in it.
import { createHash } from 'node:crypto';
import type { Run } from '../put-into-words.js';
import { visible } from './visible.js';

/** Nothing but the style that stands in the page, known by its hash. */
export const cspOf = (style: string): string => `${loadsNothingBut(style)}; frame-ancestors 'none'`;
/** In the page itself: `frame-ancestors` works as a header only. */
const loadsNothingBut = (style: string): string =>
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

export interface HtmlPage {
  lang: string;
  /** As text. */
  title: string;
  style: string;
  /** Lines of HTML. */
  body: readonly string[];
}

export const htmlPage = ({ lang, title, style, body }: HtmlPage): string => `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(loadsNothingBut(style))}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(visible(title))}</title>
<style>${style}</style>
</head>
<body>
${body.join('\n')}
</body>
</html>
`;

/** Says what the page is, and how it is to be read. */
export const aboutLine = (line: string): string => `<p class="about">${escapeHtml(line)}</p>`;

/** A typed text is isolated: whatever direction it runs in, it does not turn its surroundings. */
export const inline = (runs: readonly Run[]): string =>
  runs
    .map(({ text, typed, lang }) =>
      typed ? `<bdi${lang ? ` lang="${escapeHtml(lang)}"` : ''}>${escapeHtml(visible(text))}</bdi>` : escapeHtml(text),
    )
    .join('');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);

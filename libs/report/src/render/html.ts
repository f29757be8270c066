// The report as one HTML page that loads nothing, runs nothing and prints well.
import { createHash } from 'node:crypto';
import type { Run, WordedReport, WordedSection, WordedSentence } from '../put-into-words.js';
import { visible } from './visible.js';

const STYLE = `
:root { color-scheme: light; }
body { font: 1rem/1.5 Georgia, "Times New Roman", serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.25rem; margin-top: 2rem; border-bottom: 1px solid #999; }
h3, h4, h5, h6 { font-size: 1.05rem; margin-bottom: 0.25rem; }
ul { padding-left: 1.25rem; }
li { margin: 0.25rem 0; }
bdi { white-space: pre-line; }
.record { font: 0.7rem ui-monospace, monospace; color: #555; vertical-align: super; margin-left: 0.25em; }
.illustrative { font-size: 0.8rem; color: #7a3b00; border: 1px solid #c98; border-radius: 3px; padding: 0 0.3em; margin-left: 0.3em; }
.about { color: #444; font-size: 0.9rem; }
@media print {
  body { max-width: none; margin: 0; font-size: 10pt; }
  h2, h3, h4, h5, h6 { break-after: avoid; }
  li { break-inside: avoid; }
}
@page { margin: 2cm; }
`;

/** Nothing but the style that stands in the page, known by its hash. */
export const REPORT_CSP = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
/** `frame-ancestors` works as a header only. */
const META_CSP = REPORT_CSP.replace(/; frame-ancestors.*/, '');

export function toHtml(report: WordedReport): string {
  const { lang, page, title, asOf, incomplete, foreign, hasIllustrative } = report;
  const about = [`${page.asOf} ${asOf}. ${page.explains}`, ...(incomplete ? [page.incompleteExplains] : []), ...(hasIllustrative ? [page.illustrativeExplains] : []), ...(foreign.length > 0 ? [`${page.fallback} ${foreign.join(', ')}.`] : [])];
  return `<!doctype html>
<html lang="${escapeHtml(lang)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(META_CSP)}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(visible(title.text))}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${inline([title])}</h1>
${about.map((line) => `<p class="about">${escapeHtml(line)}</p>`).join('\n')}
${report.sections.map((section) => sectionHtml(section, page.illustrative)).join('\n')}
</body>
</html>
`;
}

function sectionHtml({ level, heading, sentences }: WordedSection, mark: string): string {
  const head = `<h${level}>${told(heading, mark)}</h${level}>`;
  if (sentences.length === 0) return head;
  return `${head}\n<ul>\n${sentences.map((sentence) => `<li>${told(sentence, mark)}</li>`).join('\n')}\n</ul>`;
}

function told({ runs, records, illustrative }: WordedSentence, mark: string): string {
  const numbers = records.length > 0 ? `<span class="record">${records.map((record) => `#${record}`).join(' ')}</span>` : '';
  return `${inline(runs)}${illustrative ? `<em class="illustrative">${escapeHtml(mark)}</em>` : ''}${numbers}`;
}

/** A typed text is isolated: whatever direction it runs in, it does not turn its surroundings. */
const inline = (runs: readonly Run[]): string => runs.map(({ text, typed, lang }) => (typed ? `<bdi${lang ? ` lang="${escapeHtml(lang)}"` : ''}>${escapeHtml(visible(text))}</bdi>` : escapeHtml(text))).join('');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark]!);

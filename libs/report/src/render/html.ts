// The report as an HTML page.
import type { WordedReport, WordedSection, WordedSentence } from '../put-into-words.js';
import { aboutLine, cspOf, escapeHtml, htmlPage, inline } from './html-page.js';

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

export const REPORT_CSP = cspOf(STYLE);

export function toHtml({ lang, page, title, asOf, incomplete, foreign, hasIllustrative, sections }: WordedReport): string {
  const about = [
    `${page.asOf} ${asOf}. ${page.explains}`,
    ...(incomplete ? [page.incompleteExplains] : []),
    ...(hasIllustrative ? [page.illustrativeExplains] : []),
    ...(foreign.length > 0 ? [`${page.fallback} ${foreign.join(', ')}.`] : []),
  ];
  return htmlPage({
    lang,
    title: title.text,
    style: STYLE,
    body: [`<h1>${inline([title])}</h1>`, ...about.map(aboutLine), ...sections.map((section) => sectionHtml(section, page.illustrative))],
  });
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

// A dossier as an HTML page.
import { aboutLine, cspOf, escapeHtml, htmlPage, inline } from '../../render/html-page.js';
import type { WordedDossier, WordedEntry } from '../words/put-dossier-into-words.js';

const STYLE = `
:root { color-scheme: light; }
body { font: 1rem/1.45 Georgia, "Times New Roman", serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.2rem; margin: 2rem 0 0.5rem; border-bottom: 1px solid #999; }
h3 { font-size: 1rem; margin: 0; }
section { margin: 1rem 0; padding-left: 0.75rem; border-left: 3px solid #d5d5d5; }
table { border-collapse: collapse; width: 100%; margin: 0.35rem 0; font-size: 0.95rem; }
th, td { text-align: left; vertical-align: top; padding: 0.15rem 0.75rem 0.15rem 0; border-top: 1px solid #e6e6e6; }
th { font-weight: normal; color: #444; width: 22%; }
td.place { width: 26%; font: 0.7rem/1.5 ui-monospace, monospace; color: #555; overflow-wrap: anywhere; }
bdi { white-space: pre-line; overflow-wrap: anywhere; }
.record { font: 0.75rem ui-monospace, monospace; color: #555; margin-left: 0.5em; }
.about { margin: 0.1rem 0; color: #444; font-size: 0.85rem; }
.proof { margin: 0.1rem 0; font: 0.65rem/1.4 ui-monospace, monospace; color: #666; overflow-wrap: anywhere; }
.mark, .illustrative { font-size: 0.8rem; color: #7a3b00; border: 1px solid #c98; border-radius: 3px; padding: 0 0.3em; margin-left: 0.3em; }
@media print {
  body { max-width: none; margin: 0; font-size: 9.5pt; }
  h2, h3, .about { break-after: avoid; }
  tr, .proof { break-inside: avoid; }
  .proof { break-before: avoid; }
}
@page { margin: 1.8cm; }
`;

export const DOSSIER_CSP = cspOf(STYLE);

export function dossierHtml({ lang, page, subject, title, asOf, incomplete, withheld, links }: WordedDossier): string {
  const about = [
    `${page.asOf} ${asOf}. ${page.explains}`,
    ...(incomplete ? [page.incompleteExplains] : []),
    ...(withheld.length > 0 ? [`${page.withheldExplains} ${withheld.join('; ')}.`] : []),
  ];
  const told = links.flatMap(({ heading, entries }) => [
    `<h2>${escapeHtml(heading)}</h2>`,
    ...entries.map((entry) => entryHtml(entry, page.illustrative)),
  ]);
  return htmlPage({
    lang,
    title: `${subject}: ${title.map(({ text }) => text).join('')}`,
    style: STYLE,
    body: [`<h1>${escapeHtml(subject)}: ${inline(title)}</h1>`, ...about.map(aboutLine), ...told],
  });
}

function entryHtml({ heading, within, record, marks, about, facts, proof, illustrative }: WordedEntry, sample: string): string {
  const rows = facts.map(
    ({ label, value, places }) =>
      `<tr><th scope="row">${escapeHtml(label)}</th><td>${inline(value)}</td><td class="place">${places.map(escapeHtml).join('<br>')}</td></tr>`,
  );
  return `<section>
<h3>${escapeHtml(heading)}${within.length > 0 ? `: ${inline(within)}` : ''}<span class="record">#${record}</span>${marks.map((mark) => `<em class="mark">${escapeHtml(mark)}</em>`).join('')}${illustrative ? `<em class="illustrative">${escapeHtml(sample)}</em>` : ''}</h3>
<p class="about">${inline(about)}</p>
${rows.length > 0 ? `<table>\n${rows.join('\n')}\n</table>\n` : ''}<p class="proof">${escapeHtml(proof)}</p>
</section>`;
}

// A dossier as Markdown: an entry a record, a line a fact. What a person typed is text there, and nothing else.
import type { Run } from '../../put-into-words.js';
import { escapeMarkdown } from '../../render/markdown.js';
import type { WordedDossier, WordedEntry } from '../words/put-dossier-into-words.js';

export function dossierMarkdown({ subject, title, page, asOf, incomplete, withheld, links }: WordedDossier): string {
  const lines = [`# ${subject}: ${inline(title)}`, '', `${page.asOf} ${asOf}. ${page.explains}`];
  if (incomplete) lines.push('', page.incompleteExplains);
  if (withheld.length > 0) lines.push('', `${page.withheldExplains} ${withheld.join('; ')}.`);
  for (const { heading, entries } of links) {
    lines.push('', `## ${heading}`);
    for (const entry of entries) lines.push('', ...entryLines(entry, page.illustrative));
  }
  return `${lines.join('\n')}\n`;
}

function entryLines({ heading, within, record, marks, about, facts, proof, illustrative }: WordedEntry, sample: string): string[] {
  return [
    `### ${escapeMarkdown(heading)}${within.length > 0 ? `: ${inline(within)}` : ''} \\[#${record}\\]${[...marks, ...(illustrative ? [sample] : [])].map((mark) => ` *(${mark})*`).join('')}`,
    '',
    `${inline(about)}.`,
    '',
    ...facts.map(
      ({ label, value, places }) =>
        `- ${escapeMarkdown(label)}: ${inline(value)}${places.length > 0 ? ` (${places.map((place) => `\`${place}\``).join(', ')})` : ''}`,
    ),
    ...(facts.length > 0 ? [''] : []),
    `*${escapeMarkdown(proof)}*`,
  ];
}

const inline = (runs: readonly Run[]): string => runs.map(({ text, typed }) => (typed ? escapeMarkdown(text) : text)).join('');

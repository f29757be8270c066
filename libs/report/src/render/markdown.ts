// The report as Markdown (CommonMark, also as GitHub reads it). What a person typed is text there, and nothing else.
import type { Run, WordedReport, WordedSentence } from '../put-into-words.js';
import { visible } from './visible.js';

export function toMarkdown({ title, page, asOf, incomplete, sections, foreign, hasIllustrative }: WordedReport): string {
  const lines = [`# ${inline([title])}`, '', `${page.asOf} ${asOf}. ${page.explains}`];
  if (incomplete) lines.push('', page.incompleteExplains);
  if (hasIllustrative) lines.push('', page.illustrativeExplains);
  if (foreign.length > 0) lines.push('', `${page.fallback} ${foreign.join(', ')}.`);
  for (const { level, heading, sentences } of sections) {
    lines.push('', `${'#'.repeat(level)} ${told(heading, page.illustrative)}`);
    if (sentences.length > 0) lines.push('', ...sentences.map((sentence) => `- ${told(sentence, page.illustrative)}`));
  }
  return `${lines.join('\n')}\n`;
}

function told({ runs, records, illustrative }: WordedSentence, mark: string): string {
  const numbers = records.length > 0 ? ` \\[${records.map((record) => `#${record}`).join(', ')}\\]` : '';
  return `${inline(runs)}${illustrative ? ` *(${mark})*` : ''}${numbers}`;
}

const inline = (runs: readonly Run[]): string => runs.map(({ text, typed }) => (typed ? escapeMarkdown(text) : text)).join('');

const ACTIVE = /[\\`*_[\]{}<>#~|!&$@^]/g;

/** On one line, with every mark that could begin markup, HTML, an entity or a link behind a backslash. */
export function escapeMarkdown(text: string): string {
  return (
    visible(text)
      .replace(ACTIVE, '\\$&')
      .replace(/\s*[\n\t]+\s*/g, ' ')
      // Addresses that GitHub makes links of by themselves.
      .replace(/:(?=\/\/)/g, '\\:')
      .replace(/\b(www|mailto|xmpp)(?=[.:])/gi, '$1\\')
      // What begins a list, a heading's underline or a numbered list at the beginning of a line.
      .replace(/^(\s*)([-+=])/, '$1\\$2')
      .replace(/^(\s*\d{1,9})([.)])/, '$1\\$2')
  );
}

// What a person typed is text in the report, whatever it holds: in Markdown, in HTML, and for the reader's eye.
import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { en } from '../phrases/en.js';
import { fr } from '../phrases/fr.js';
import { PHRASES } from '../phrases/phrases.js';
import { putIntoWords, type WordedReport } from '../put-into-words.js';
import { sentence, type Report } from '../values.js';
import { REPORT_CSP, toHtml } from './html.js';
import { escapeMarkdown, toMarkdown } from './markdown.js';

const worded = (text: string, lang = 'en'): WordedReport => {
  const origin = { record: 7, illustrative: false };
  const typed = { kind: 'texts' as const, texts: [{ lang, text }], ...origin };
  const report: Report = {
    title: typed,
    asOf: 9,
    incomplete: false,
    sections: [
      { heading: sentence('heading-body', origin, { name: typed }), level: 2, sentences: [sentence('region', origin, { name: typed })] },
    ],
  };
  return putIntoWords(report, en, ([first]) => first!);
};

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</style><script>',
  "' onmouseover='x",
  '&lt;b&gt;',
  '<!-- -->',
  ']]>',
];

describe('HTML', () => {
  it.each(HOSTILE)('holds %s as text', (text) => {
    const html = toHtml(worded(text));
    expect(html).not.toContain(text);
    expect(html.match(/<(script|img)/g)).toBeNull();
    expect(html.match(/<bdi/g)).toHaveLength(3);
  });

  it('loads and runs nothing: its style alone is allowed, by its hash', () => {
    const html = toHtml(worded('x'));
    const style = /<style>([^]*?)<\/style>/.exec(html)![1]!;
    expect(REPORT_CSP).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(REPORT_CSP).toContain("default-src 'none'");
    expect(html).not.toMatch(/\s(src|href|on\w+|style)=/);
  });

  it('keeps foreign texts in their language, and isolates their direction', () => {
    expect(toHtml(worded('שלום', 'he'))).toContain('<bdi lang="he">שלום</bdi>');
  });

  it('shows what would reorder or hide the text', () => {
    expect(toHtml(worded('a\u202eb\u0007\u200f'))).toContain('a[U+202E]b[U+0007][U+200F]');
  });
});

describe('Markdown', () => {
  it.each([
    ['# not a heading', '\\# not a heading'],
    ['- not a list', '\\- not a list'],
    ['1. not a list', '1\\. not a list'],
    ['**bold** _it_ `code`', '\\*\\*bold\\*\\* \\_it\\_ \\`code\\`'],
    ['[link](javascript:x)', '\\[link\\](javascript:x)'],
    ['<b>&amp;', '\\<b\\>\\&amp;'],
    ['two\n\n# lines', 'two \\# lines'],
    ['https://example.org www.example.org a@b.example', 'https\\://example.org www\\.example.org a\\@b.example'],
    ['a | b ~~c~~ ![i](u)', 'a \\| b \\~\\~c\\~\\~ \\!\\[i\\](u)'],
  ])('holds %j as text', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped);
  });

  it('names the record behind each sentence', () => {
    expect(toMarkdown(worded('Europe')).split('\n')).toContain('- Region: Europe. \\[#7\\]');
  });
});

describe('phrases', () => {
  const slotsIn = (template: string): string[] => [...new Set([...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!))].sort();

  it.each(Object.keys(en.sentences) as (keyof typeof en.sentences)[])('%s has the same values in every language', (phrase) => {
    expect(PHRASES.map(({ sentences }) => slotsIn(sentences[phrase]))).toEqual(PHRASES.map(() => slotsIn(en.sentences[phrase])));
  });

  it('of a language that knows no phrase more than English', () => {
    expect(Object.keys(fr.sentences).sort()).toEqual(Object.keys(en.sentences).sort());
  });
});

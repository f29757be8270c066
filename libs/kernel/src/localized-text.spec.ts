import { describe, expect, it } from '@jest/globals';
import { isBlank } from './localized-text.js';

describe('a text that shows nothing', () => {
  it.each([
    ['nothing at all', ''],
    ['white space', ' \t\u00a0\u2028'],
    ['joiners and marks of direction', '\u200b\u200c\u200d\u200e\ufeff'],
    ['fillers and selectors', '\u3164\u115f\ufe0f\u{e0001}'],
    ['a blank of Braille', '\u2800'],
    ['anchors of an annotation', '\ufff9\ufffa\ufffb'],
    ['the notehead that is left out', '\u{1d159}'],
    ['joiners of hieroglyphs', '\u{13430}\u{1345f}'],
  ])('%s', (_, alone) => {
    expect(isBlank(alone)).toBe(true);
    expect(isBlank(`${alone}a`)).toBe(false);
  });

  it.each([
    'می\u200cخواهم',
    '\u2801\u2800\u2801',
    '\u{13000}\u{13430}\u{13001}',
    '\ufffc',
    '\ufffd',
    '\u{1d158}',
    '\u{1342f}',
    '\u{13460}',
    '👨\u200d👩\u200d👧',
  ])('but not %j', (text) => expect(isBlank(text)).toBe(false));
});

import { describe, expect, it } from '@jest/globals';
import { referencesIn, resolveReferences } from './references.js';

const made = new Map([
  ['person.ada', { id: 'id-ada', stream: 'person-id-ada' }],
  ['decision', { id: 'id-decision', stream: 'proposal-id-of-the-stream' }],
]);

describe('references', () => {
  it('stand in paths and anywhere in a body', () => {
    const body = { a: ['{person.ada}', { b: 'x{decision}y' }], c: 1, d: null };
    expect([...referencesIn(body)]).toEqual(['person.ada', 'decision']);
    expect(resolveReferences(body, made)).toEqual({ a: ['id-ada', { b: 'xid-decisiony' }], c: 1, d: null });
    expect(resolveReferences('/persons/{person.ada}/correction', made)).toBe('/persons/id-ada/correction');
  });

  it('name the stream in which something lies', () => {
    expect([...referencesIn('{decision@stream}')]).toEqual(['decision']);
    expect(resolveReferences('{decision@stream}', made)).toBe('id-of-the-stream');
  });

  it('leave doubled braces as braces', () => {
    expect([...referencesIn('{{person.ada}} {{}}')]).toEqual([]);
    expect(resolveReferences('{{person.ada}} {{}}', made)).toBe('{person.ada} {}');
  });
});

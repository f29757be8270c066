// The core imports nothing, the verifier the core and node:crypto: so anybody can read it alone, and the core runs in a browser.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

const SOURCES = 'libs/ledger/src';
const importsOf = (directory: string): [string, string][] =>
  readdirSync(join(SOURCES, directory))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .flatMap((file) =>
      [...readFileSync(join(SOURCES, directory, file), 'utf8').matchAll(/(?:from|import\() ?'([^']+)'/g)].map(
        ([, from]): [string, string] => [file, from!],
      ),
    );

it.each([
  ['core', /^\.\//],
  ['verify', /^(\.\/|\.\.\/core\/index\.js$|node:crypto$)/],
])('%s imports only what it may', (directory, allowed) => {
  const imports = importsOf(directory);
  expect(imports.length).toBeGreaterThan(10);
  expect(imports.filter(([, from]) => !allowed.test(from))).toEqual([]);
});

it('the core names nothing that only Node has', () => {
  for (const file of readdirSync(join(SOURCES, 'core')).filter((each) => !each.endsWith('.spec.ts'))) {
    expect([file, /\b(Buffer|process|require|globalThis)\b/.test(readFileSync(join(SOURCES, 'core', file), 'utf8'))]).toEqual([
      file,
      false,
    ]);
  }
});

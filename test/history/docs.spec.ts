// Docs that cannot rot: the generated pages are what the code says today, and every refusal is declared, used and documented.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { stalePages } from '../../scripts/docs/pages.js';
import { declaredRefusals, productFiles, type DeclaredRefusal } from '../../scripts/docs/refusals.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

it('are generated from the code as it stands', async () => {
  expect(await stalePages(root)).toEqual([]);
}, 60_000);

it('show no statement that takes its limit by a bare parameter, which is compiled anew at each call, nor does a source hold one', () => {
  const bare = /LIMIT \?\d*(?!\d| \+ 0)/;
  expect(productFiles(root).filter((file) => bare.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
  const shown = readFileSync(join(root, 'docs/sql.md'), 'utf8');
  expect([/LIMIT \?\d+ \+ 0/.test(shown), bare.exec(shown)]).toEqual([true, null]);
});

describe('refusals', () => {
  let declared: DeclaredRefusal[];
  const sources = productFiles(root).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
  beforeAll(async () => {
    declared = await declaredRefusals(root);
  });

  /** `bodyRefusals['unknown-body']` or `httpRefusals.unauthenticated`, anywhere but in its declaration. */
  const used = (): Set<string> =>
    new Set(
      sources.flatMap(({ text }) =>
        [...text.matchAll(/\b(\w+Refusals)(?:\['([a-z-]+)'\]|\.([a-z-]+))/g)].map(
          ([, holder, quoted, plain]) => `${holder} ${quoted ?? plain}`,
        ),
      ),
    );

  it('that are declared are used somewhere', () => {
    const found = used();
    expect(declared.map(({ holder, code }) => `${holder} ${code}`).filter((each) => !found.has(each))).toEqual([]);
  });

  it('that are used are declared', () => {
    const known = new Set(declared.map(({ holder, code }) => `${holder} ${code}`));
    expect([...used()].filter((each) => !known.has(each))).toEqual([]);
  });

  it('stand in docs/errors.md with status, title and rule, and nothing else does', () => {
    const page = readFileSync(join(root, 'docs/errors.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z-]+)` \| (\d{3}) \| (.*) \| (.*) \| (yes)? ?\|$/gm)].map(
      ([, code, status, title, rule, overridable]) => ({ code, status: Number(status), title, rule, overridable: overridable === 'yes' }),
    );
    const expected = declared.map(({ code, kind: { status, title, rule, overridable } }) => ({
      code,
      status,
      title,
      rule: rule.replaceAll('|', '\\|'),
      overridable: overridable === true,
    }));
    const byCode = (a: { code?: string | undefined }, b: { code?: string | undefined }): number => (a.code! < b.code! ? -1 : 1);
    expect(rows.sort(byCode)).toEqual(expected.sort(byCode));
  });

  it('are made of their declarations alone: nobody makes one by hand', () => {
    expect(sources.filter(({ text }) => /new Refusal\(/.test(text)).map(({ file }) => file)).toEqual([]);
  });
});

// What is written by hand is compared with the code where it can be: variables, alarms, causes, the tests and files that are named.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '../../apps/api/src/configuration.js';
import { serveCommand } from '../../apps/cli/src/serve-command.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
/** The first cells of a table's rows, without what follows in them. */
const firstCells = (page: string, heading: string): string[] => {
  const [, section = ''] = page.split(`${heading}\n`);
  return [...section.split(/\n#/)[0]!.matchAll(/^\| `([^`]+)`/gm)].map(([, cell]) => cell!);
};
/** The literals of a union type, as the source writes it. */
const literals = (file: string, declaration: RegExp): string[] =>
  [...declaration.exec(read(file))![1]!.matchAll(/'([a-z-]+)'/g)].map(([, literal]) => literal!);

describe('docs/operating.md', () => {
  const manual = read('docs/operating.md');

  it('explains every variable that the server reads, and no other, with its default', () => {
    const rows = [...manual.matchAll(/^\| `([A-Z_]+)` \| (.*?) \|/gm)].map(([, name, standard]) => [name!, standard!] as const);
    const readOnes = [
      ...new Set(
        [...read('apps/api/src/configuration.ts').matchAll(/'(PLENARY_[A-Z_]+|PORT|EVENTSTORE_URL[A-Z_]*|OTEL_[A-Z_]+)'/g)].map(
          ([, name]) => name!,
        ),
      ),
    ];
    expect(rows.map(([name]) => name).sort()).toEqual(readOnes.sort());
    const { data, keys, host, port, publicRead, rateLimit, logLevel, newOrigin } = readConfiguration({});
    const standard = Object.fromEntries(rows);
    expect([
      standard['PLENARY_HOST'],
      standard['PORT'],
      standard['PLENARY_PUBLIC_READ'],
      standard['PLENARY_RATE_LIMIT'],
      standard['PLENARY_LOG'],
    ]).toEqual([host, port, publicRead, rateLimit, logLevel].map((value) => `\`${value}\``));
    expect([data.endsWith('/data'), keys === `${data}-keys`, newOrigin.startsWith('plenary.invalid/')]).toEqual([true, true, true]);
    expect([standard['PLENARY_DATA'], standard['PLENARY_KEYS'], standard['PLENARY_ORIGIN']]).toEqual([
      '`./data`',
      expect.stringContaining('`-keys`'),
      expect.stringContaining('`plenary.invalid/`'),
    ]);
  });

  it('and so does the help of the verb that serves', () => {
    const help = serveCommand.details.join(' ');
    expect(firstCells(manual, '## Environment').filter((name) => !help.includes(name))).toEqual([]);
  });

  it('explains every alarm of the projection, and no other', () => {
    const reasons = [...literals('libs/read-models/src/projector-stopped.ts', /export type StopReason = ([^;]+);/), 'store'];
    expect(firstCells(manual, '### What each alarm means').sort()).toEqual(reasons.sort());
  });

  it('explains every cause why appends fail, and no other', () => {
    const causes = [...literals('libs/event-store/src/errors.ts', /export type UnavailableCause = ([^;]+);/), 'unclear'];
    expect(firstCells(manual, '### Why appends fail').sort()).toEqual(causes.sort());
  });

  it('quotes what a start says, as it says it', () => {
    const sources = [
      'libs/event-store/src/installation/keys.ts',
      'libs/event-store/src/eventstoredb/attempts.ts',
      'libs/event-store/src/eventstoredb/failures.ts',
      'libs/event-store/src/eventstoredb/following.ts',
      'libs/event-store/src/moving.ts',
      'libs/event-store/src/installation/key-check.ts',
      'apps/api/src/ledger/compare-with-signed.ts',
      'libs/event-store/src/installation/open-log.ts',
      'libs/event-store/src/sqlite/directory-lock.ts',
      'libs/sqlite/src/fault.ts',
      'apps/api/src/admin-token.ts',
      'apps/api/src/listen.ts',
      'apps/api/src/serve.ts',
      'apps/api/src/backup/verify-copied.ts',
      'libs/read-models/src/folder-unusable.ts',
      'apps/api/src/ledger/kept-checkpoint.ts',
    ]
      .map(read)
      .join('\n');
    const quoted = [
      ...firstCells(manual, '## Faults, and what to do'),
      ...[...manual.matchAll(/^\| `(a [a-z ]+)` \|/gm)].map(([, cell]) => cell!),
    ];
    expect(quoted.length).toBeGreaterThan(8);
    const parts = quoted.flatMap((message) =>
      message
        .split('…')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    );
    const found = (part: string): boolean => sources.includes(part) || read('libs/http/src/problem.ts').includes(part);
    expect(parts.filter((part) => !found(part))).toEqual([]);
  });
});

describe('docs/ARCHITECTURE.md', () => {
  const page = read('docs/ARCHITECTURE.md');

  it('is short enough to be read', () => {
    expect(page.split('\n').length).toBeLessThan(300);
  });

  it('names only files and folders that are there', () => {
    const named = [...page.matchAll(/`((?:libs|apps|test|scripts|samples|docs)\/[\w./-]+|\.[a-z-]+\.mjs)`/g)].map(([, path]) => path!);
    expect(named.length).toBeGreaterThan(30);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  it('names a test for every invariant', () => {
    const [, section = ''] = page.split('## Invariants, and what guards them\n');
    const rows = section
      .split('\n## ')[0]!
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(1);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => !/`[\w./-]+(spec|contract)\.ts`|`\.dependency-cruiser\.mjs`/.test(row))).toEqual([]);
  });

  it('maps every library and every application', () => {
    const missing = ['libs', 'apps']
      .flatMap((folder) => readdirSync(join(root, folder)))
      .filter((name) => !new RegExp(`\\b${name}/`).test(page));
    expect(missing).toEqual([]);
  });
});

describe('every page', () => {
  const pages = [
    'README.md',
    'CHANGELOG.md',
    ...['docs', 'docs/decisions', 'test/fixtures'].flatMap((folder) =>
      readdirSync(join(root, folder))
        .filter((file) => file.endsWith('.md'))
        .map((file) => `${folder}/${file}`),
    ),
  ];

  it('leads only to what is there', () => {
    const broken = pages.flatMap((file) => {
      const text = read(file);
      const anchors = new Set(
        [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
          title!
            .toLowerCase()
            .replaceAll(/[^\w -]/g, '')
            .replaceAll(' ', '-'),
        ),
      );
      const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));
      return links
        .filter((link) =>
          link.startsWith('#') ? !anchors.has(link.slice(1)) : !existsSync(join(root, dirname(file), link.split('#')[0]!)),
        )
        .map((link) => `${file}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  it('of decisions is one page with the same parts, in order', () => {
    const records = pages.filter((file) => file.startsWith('docs/decisions/')).sort();
    for (const [index, file] of records.entries()) {
      const text = read(file);
      expect([file, file.slice(15, 19)]).toEqual([file, String(index + 1).padStart(4, '0')]);
      expect([file, [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title)]).toEqual([
        file,
        ['Context', 'Decision', 'Consequences', 'What we did not do'],
      ]);
      expect(text.split('\n').length).toBeLessThan(60);
    }
    expect(records.length).toBeGreaterThanOrEqual(9);
  });
});

// What is shipped with Plenary may be passed on: each package that runs is under a licence of this list, pinned, and in the bill of materials.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

interface Locked {
  version?: string;
  license?: string;
  dev?: boolean;
  /** Present where the lock says where a package comes from. */
  resolved?: string;
  integrity?: string;
  link?: boolean;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const readJson = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
const lock = readJson<{ packages: Record<string, Locked> }>('package-lock.json').packages;
const running = Object.entries(lock).filter(([path, { dev }]) => path !== '' && !dev);

const ALLOWED = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  '(BSD-3-Clause AND Apache-2.0)',
  '(MIT OR CC0-1.0)',
  'Python-2.0',
];

describe('the packages that run', () => {
  it('are under licences that let them be passed on', () => {
    expect(running.length).toBeGreaterThan(50);
    expect(
      running.filter(([, { license }]) => !ALLOWED.includes(license ?? 'none')).map(([path, { license }]) => `${path}: ${license}`),
    ).toEqual([]);
  });

  it('are pinned, and come from no place that the lock names', () => {
    expect(running.filter(([, { version, integrity, resolved }]) => !version || !integrity || resolved)).toEqual([]);
    const { dependencies, devDependencies } = readJson<Record<'dependencies' | 'devDependencies', Record<string, string>>>('package.json');
    expect(Object.entries({ ...dependencies, ...devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('stand in the bill of materials that npm writes', () => {
    const { bomFormat, components } = JSON.parse(
      execFileSync('npm', ['sbom', '--omit=dev', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
        cwd: root,
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      }),
    ) as { bomFormat: string; components: { purl: string }[] };
    expect(bomFormat).toBe('CycloneDX');
    const listed = components.map(({ purl }) => decodeURIComponent(purl));
    const { dependencies } = readJson<{ dependencies: Record<string, string> }>('package.json');
    for (const [name, version] of Object.entries(dependencies)) expect(listed).toContain(`pkg:npm/${name}@${version}`);
  });
});

// The scripts of the cluster, run in a folder: what each node gets, that a second run changes nothing, and what is refused.
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const deploy = fileURLToPath(new URL('../../deploy', import.meta.url));
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plenary-deploy-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('prepare-cluster.sh', () => {
  const PLACES = ['authority', 'node-1', 'node-2', 'node-3', 'connection'];
  const at = (path: string): string => join(directory, path);
  /** As the tool answers: files into a directory that is not there yet. */
  const TOOL =
    '#!/bin/bash\nset -eu\nwhile [ $# -gt 0 ]; do case "$1" in -out) out="$2"; shift;; -dns-names) names="$2"; shift;; create-ca) base=ca;; create-node) base=node;; esac; shift; done\nmkdir "$out"\necho "${names:-authority} $RANDOM$RANDOM" > "$out/$base.crt"\necho key > "$out/$base.key"\nchmod 0600 "$out/$base.key"\n';

  function prepare(password: string | undefined): { status: number | null; stderr: string } {
    const script = readFileSync(join(deploy, 'prepare-cluster.sh'), 'utf8').replaceAll(
      /(?<![\w$./-])\/(authority|node-|connection)/g,
      `${directory}/$1`,
    );
    writeFileSync(at('prepare.sh'), script);
    return spawnSync('bash', [at('prepare.sh')], {
      env: { PATH: `${directory}/bin:${process.env['PATH']}`, ...(password !== undefined && { KURRENTDB_ADMIN_PASSWORD: password }) },
      encoding: 'utf8',
    });
  }

  beforeEach(() => {
    for (const place of [...PLACES, 'bin']) mkdirSync(at(place));
    writeFileSync(at('bin/es-gencert-cli'), TOOL);
    chmodSync(at('bin/es-gencert-cli'), 0o755);
  });

  const everything = (): Record<string, string> =>
    Object.fromEntries(
      PLACES.flatMap((place) => readdirSync(at(place), { recursive: true, encoding: 'utf8' }).map((name) => join(place, name)))
        .filter((path) => statSync(at(path)).isFile())
        .map((path) => [path, readFileSync(at(path), 'utf8')]),
    );

  it('gives each member its certificate and the authority’s, and the nodes of Plenary the connection', () => {
    expect(prepare('Sixteen0Letters0')).toMatchObject({ status: 0, stderr: '' });
    const made = everything();
    expect(Object.keys(made).sort()).toEqual(
      [
        'authority/ca.crt',
        'authority/ca.key',
        'connection/ca.crt',
        'connection/eventstore-url',
        ...[1, 2, 3].flatMap((number) => [`node-${number}/ca/ca.crt`, `node-${number}/node.crt`, `node-${number}/node.key`]),
      ].sort(),
    );
    for (const number of [1, 2, 3]) {
      expect(made[`node-${number}/node.crt`]).toContain(`localhost,kurrentdb-${number} `);
      expect(made[`node-${number}/ca/ca.crt`]).toBe(made['authority/ca.crt']);
      expect(statSync(at(`node-${number}/node.key`)).mode & 0o004).toBe(0o004);
    }
    expect(made['connection/eventstore-url']!.trim()).toBe(
      'esdb://admin:Sixteen0Letters0@kurrentdb-1:2113,kurrentdb-2:2113,kurrentdb-3:2113?tls=true&tlsCAFile=' +
        `${directory}/connection/ca.crt&nodePreference=leader`,
    );
  });

  it('changes nothing when it is run again, and goes on where it was cut short', () => {
    prepare('Sixteen0Letters0');
    const made = everything();
    expect(prepare('Sixteen0Letters0').status).toBe(0);
    expect(everything()).toEqual(made);
    rmSync(at('node-2/node.crt'));
    mkdirSync(at('node-2/new'));
    expect(prepare('Sixteen0Letters0').status).toBe(0);
    expect(everything()).toEqual({ ...made, 'node-2/node.crt': expect.stringContaining('kurrentdb-2') });
  });

  it.each([undefined, '', 'short', 'with spaces and more of them', 'a/slash/breaks/the/string'])('refuses the password %j', (password) => {
    const { status, stderr } = prepare(password);
    expect([status, stderr]).toEqual([1, expect.stringContaining('KURRENTDB_ADMIN_PASSWORD must be set')]);
    expect(everything()).toEqual({});
  });
});

describe('share-keys.mjs', () => {
  it('gives all but the key that signs', () => {
    const [from, to] = [join(directory, 'keys'), join(directory, 'shared')];
    for (const place of [from, to]) mkdirSync(place);
    for (const name of ['writer.key', 'digest.key', 'signing.key', 'admin.token']) writeFileSync(join(from, name), name, { mode: 0o600 });
    execFileSync(process.execPath, [join(deploy, 'share-keys.mjs'), from, to]);
    expect(readdirSync(to).sort()).toEqual(['admin.token', 'digest.key', 'writer.key']);
    expect(statSync(join(to, 'writer.key')).mode & 0o777).toBe(0o600);
    rmSync(join(from, 'digest.key'));
    expect(spawnSync(process.execPath, [join(deploy, 'share-keys.mjs'), from, to]).status).toBe(1);
    expect(existsSync(join(to, 'signing.key'))).toBe(false);
  });
});

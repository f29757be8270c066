// As much of a Dockerfile as ours uses, read and carried out in a folder: each stage a directory, each step in its order. What it does
// not know is an error, so that nothing of the file goes untried.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

export interface Instruction {
  name: string;
  text: string;
}

export interface Stage {
  name: string;
  base: string;
  instructions: Instruction[];
}

const KNOWN = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];

export function readDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of text
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('#'))) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (!KNOWN.includes(name)) throw new Error(`the Dockerfile has an instruction that is not tried here: ${line}`);
    if (name === 'FROM') {
      const [, base = '', as = ''] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
      stages.push({ name: as, base, instructions: [] });
    } else stages.at(-1)!.instructions.push({ name, text: rest });
  }
  return stages;
}

/** The last instruction of a name, or of the stage. */
export const lastOf = ({ instructions }: Stage, name: string): string | undefined =>
  instructions.findLast((each) => each.name === name)?.text;

export const listOf = (text: string | undefined): string[] => JSON.parse(/\[.*\]$/.exec(text ?? '')![0]) as string[];

export interface Built {
  /** The root of the last stage. */
  root: string;
  workdir: string;
  env: Record<string, string>;
}

/** Carries the stages out below a directory. `context` holds what is sent to be built. */
export function carryOut(stages: readonly Stage[], context: string, below: string): Built {
  const roots = new Map<string, string>();
  let built: Built | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(below, `stage-${index}`);
    mkdirSync(root);
    built = { root, workdir: '/', env: {} };
    for (const instruction of stage.instructions) carryOutOne(instruction, built, context, roots);
    roots.set(stage.name, root);
  }
  return built!;
}

function carryOutOne({ name, text }: Instruction, built: Built, context: string, roots: ReadonlyMap<string, string>): void {
  if (name === 'WORKDIR') {
    built.workdir = text;
    mkdirSync(join(built.root, text), { recursive: true });
  } else if (name === 'RUN')
    execFileSync('sh', ['-euc', text], {
      cwd: join(built.root, built.workdir),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...plainEnvironment(), ...built.env },
    });
  else if (name === 'ENV') for (const [, key, value] of text.matchAll(/([A-Z_]+)=(\S+)/g)) built.env[key!] = value!;
  else if (name === 'COPY') copy(text, built, context, roots);
}

/** What npm sets for the scripts that it runs must not reach the npm of the image. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_|PLENARY_|PORT$|INIT_CWD$)/.test(name)));

function copy(text: string, built: Built, context: string, roots: ReadonlyMap<string, string>): void {
  const words = text.split(/\s+/);
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const source = from === undefined ? context : roots.get(from);
  if (source === undefined) throw new Error(`COPY ${text}: there is no stage of this name`);
  const to = resolveIn(built, paths.pop()!);
  for (const path of paths) {
    const found = join(source, path);
    if (!existsSync(found)) throw new Error(`COPY ${text}: there is no ${path}`);
    // As the builder does: a directory's content is copied, a file goes into a target that ends with a slash.
    const target = statSync(found).isDirectory() || !text.endsWith('/') ? to : join(to, basename(path));
    cpSync(found, target, { recursive: true, verbatimSymlinks: true });
  }
}

const resolveIn = ({ root, workdir }: Built, path: string): string => join(root, resolve(workdir, path));

/** What is sent to be built: all that .dockerignore does not name. It names files and folders of the top alone. */
export function contextWithout(root: string, dockerignore: string, into: string): void {
  const ignored = new Set(
    readFileSync(dockerignore, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );
  cpSync(root, into, { recursive: true, filter: (path) => !ignored.has(path.slice(root.length + 1)) });
}

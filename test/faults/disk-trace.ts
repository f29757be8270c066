// What a process did to its files, out of strace's log: writes, truncations, syncs, and the acknowledgements between them.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export type DiskOperation =
  | { kind: 'write'; file: string; offset: number; bytes: Buffer }
  | { kind: 'truncate'; file: string; size: number }
  | { kind: 'sync'; file: string }
  | { kind: 'acknowledge'; ids: string[] };

const LONGEST_WRITE_BYTES = 1_000_000;

export function isStraceThere(): boolean {
  try {
    execFileSync('strace', ['-f', '-o', '/dev/null', 'true'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command that runs another one and logs what it does to these files. */
export const straced = (log: string, files: readonly string[], command: readonly string[], more: readonly string[] = []): string[] => [
  'strace',
  '-f',
  '-y',
  '-xx',
  '-s',
  String(LONGEST_WRITE_BYTES),
  '-o',
  log,
  '-e',
  'trace=pwrite64,write,ftruncate,fsync,fdatasync',
  ...more,
  ...files.flatMap((file) => ['-P', file]),
  ...command,
];

const unescape = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
const CALL = /^(\d+) +(\w+)\(\d+<([^>]*)>(?:, )?(.*)$/;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>.*= (-?\d+)/;
const RESULT = /\) += (-?\d+)/;

/**
 * The operations in their order. A write and an acknowledgement count from the moment at which they begin, a sync from
 * the moment at which it has succeeded.
 * @param acknowledgements the file into which the process writes acknowledged ids
 */
export function readDiskTrace(log: string, acknowledgements: string): DiskOperation[] {
  const operations: DiskOperation[] = [];
  const unfinishedSyncs = new Map<string, string>();
  for (const line of readFileSync(log, 'latin1').split('\n')) {
    const resumed = RESUMED.exec(line);
    const synced = resumed && unfinishedSyncs.get(resumed[1]!);
    if (synced) {
      unfinishedSyncs.delete(resumed[1]!);
      if (resumed[3] === '0') operations.push({ kind: 'sync', file: synced });
    }
    const call = CALL.exec(line);
    if (!call) continue;
    const [, thread, name, path, rest] = call as unknown as [string, string, string, string, string];
    const file = unescape(path).toString();
    if (name === 'fsync' || name === 'fdatasync') {
      if (rest.includes('<unfinished')) unfinishedSyncs.set(thread, file);
      else if (RESULT.exec(rest)?.[1] === '0') operations.push({ kind: 'sync', file });
    } else {
      operations.push(changeOf(name, file, rest, acknowledgements));
    }
  }
  return operations;
}

function changeOf(name: string, file: string, rest: string, acknowledgements: string): DiskOperation {
  if (name === 'ftruncate') return { kind: 'truncate', file, size: Number.parseInt(rest, 10) };
  const argument = /^"([^"]*)"(\.\.\.)?, (\d+)(?:, (\d+))?/.exec(rest);
  if (!argument || argument[2]) throw new Error(`a write that the trace does not show whole: ${rest.slice(0, 80)}`);
  const bytes = unescape(argument[1]!);
  if (file === acknowledgements) return { kind: 'acknowledge', ids: bytes.toString().trim().split('\n') };
  if (argument[4] === undefined) throw new Error(`${file} was written without an offset`);
  return { kind: 'write', file, offset: Number(argument[4]), bytes };
}

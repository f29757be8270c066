// What keeps read models from being read or written in their folder, and whether it may pass by itself.
import { DatabaseNotOpened, faultOf } from '#sqlite';

/** What stays so until somebody does something about the folder. Else it is tried again: room may come back on a disk. */
const LASTING = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

export class FolderUnusable extends Error {
  /** Whether it will not pass by itself. */
  readonly isLasting: boolean;

  constructor(folder: string, cause: unknown) {
    super(`the read models in ${folder}, below PLENARY_DATA, cannot be read or written: ${(cause as Error).message}`, { cause });
    this.isLasting = isLasting(cause);
  }
}

export function isLasting(error: unknown): boolean {
  if (LASTING.includes((error as { code?: string } | undefined)?.code ?? '')) return true;
  return (error instanceof DatabaseNotOpened ? error.fault : faultOf(error)) === 'read-only';
}

/** @throws FolderUnusable */
export function inFolder<Result>(folder: string, use: () => Result): Result {
  try {
    return use();
  } catch (error) {
    throw error instanceof FolderUnusable ? error : new FolderUnusable(folder, error);
  }
}

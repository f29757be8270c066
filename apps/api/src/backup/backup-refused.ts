/** Nothing was taken, or put in place; the message says why, and what to do. */
export class BackupRefused extends Error {}

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'there is no permission',
  EPERM: 'there is no permission',
  EROFS: 'it can only be read',
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of the path is no directory',
};

/** What an error of the file system means to who asked for a backup; other errors are left as they are. */
export function asRefusal(error: unknown, path: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const sentence = code === undefined ? undefined : SENTENCES[code];
  return sentence === undefined ? error : new BackupRefused(`${path} cannot be written: ${sentence}`, { cause: error });
}

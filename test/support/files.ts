// Looks for text in every byte of every file of a directory.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const filesBelow = (path: string): string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesBelow(join(path, name))) : [path];

export const filesHolding = (directory: string, text: string): string[] =>
  filesBelow(directory).filter((file) => readFileSync(file).includes(text));

// Files below a folder whose path matches, sorted: what a generator reads must not depend on the order of a directory.
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export function globSync(root: string, pattern: RegExp): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (pattern.test(relative(root, path).split(sep).join('/'))) found.push(relative(root, path).split(sep).join('/'));
    }
  };
  walk(root);
  return found.sort();
}

// Gives the second node what it needs of the keys, and not the one that signs: one node alone does.
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const [from, to] = process.argv.slice(2);
for (const name of ['writer.key', 'digest.key', 'admin.token']) {
  if (!existsSync(join(from, name))) throw new Error(`${name} is missing in ${from}`);
  copyFileSync(join(from, name), join(to, name));
}

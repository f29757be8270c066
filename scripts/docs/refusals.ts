// Loads every file that declares refusals, so that the catalogue is complete, and knows which file declared which.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { refusalCatalogue, type RefusalKind } from '#kernel';
import { globSync } from './glob.js';

export interface DeclaredRefusal {
  code: string;
  kind: RefusalKind;
  /** Under libs or apps. */
  context: string;
  /** The name that holds them: `bodyRefusals`. */
  holder: string;
}

const DECLARATION = /export const (\w+) = refusals\(\{/;
const isProduct = (file: string): boolean => !/\.spec\.ts$|\.contract\.ts$|\/testing\/|^libs\/kernel\/src\/refusal\.ts$/.test(file);

export const productFiles = (root: string): string[] => globSync(root, /^(libs|apps)\/[^/]+\/src\/.*\.ts$/).filter(isProduct);

/** Sorted by context, then in the order of their declaration. */
export async function declaredRefusals(root: string): Promise<DeclaredRefusal[]> {
  const declared: DeclaredRefusal[] = [];
  for (const file of productFiles(root)) {
    const holder = DECLARATION.exec(readFileSync(join(root, file), 'utf8'))?.[1];
    if (holder === undefined) continue;
    const loaded = (await import(pathToFileURL(join(root, file)).href)) as Record<string, Record<string, { kind: RefusalKind }>>;
    for (const [code, { kind }] of Object.entries(loaded[holder]!)) declared.push({ code, kind, context: file.split('/')[1]!, holder });
  }
  const catalogue = refusalCatalogue();
  if (catalogue.size !== declared.length)
    throw new Error(
      `${catalogue.size} refusals are declared, and ${declared.length} were found: declare them as "export const … = refusals({"`,
    );
  return declared;
}

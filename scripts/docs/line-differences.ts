// What lines two texts differ in, as a person reads it: enough for generated pages, which change in few places.
const MAX_SHOWN = 60;

export function lineDifferences(before: string, after: string): string {
  const [old, fresh] = [before.split('\n'), after.split('\n')];
  const shown = [...minus(old, fresh).map((line) => `- ${line}`), ...minus(fresh, old).map((line) => `+ ${line}`)];
  if (shown.length === 0) return '  the same lines, in another order';
  const more = shown.length - MAX_SHOWN;
  return [...shown.slice(0, MAX_SHOWN), ...(more > 0 ? [`  … and ${more} more lines`] : [])].join('\n');
}

/** The lines of one text that the other has fewer times. */
function minus(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

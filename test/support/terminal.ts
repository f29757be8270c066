// A terminal that shows nobody anything: what is printed is kept where somebody asks for it.
import type { Terminal } from '../../apps/cli/src/terminal.js';

const nothing = (): void => undefined;

/** @param print told of what is printed, as it was given */
export const hiddenTerminal = (print: (text: string) => void = nothing): Terminal => ({
  print: (line = '') => print(line),
  tell: nothing,
  progress: nothing,
  settle: nothing,
  write: () => Promise.resolve(),
  isLost: false,
  columns: 100,
});

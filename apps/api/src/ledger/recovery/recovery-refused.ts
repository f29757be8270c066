/** Nothing was put back; the message says why, and what to bring. */
export class RecoveryRefused extends Error {
  /** @param unusable what was of no use in the sources, each as a sentence */
  constructor(
    message: string,
    readonly unusable: readonly string[] = [],
  ) {
    super(message);
  }
}

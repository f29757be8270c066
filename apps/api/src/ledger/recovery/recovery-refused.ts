/** Nothing was put back; the message says why, and what to bring. */
export class RecoveryRefused extends Error {}

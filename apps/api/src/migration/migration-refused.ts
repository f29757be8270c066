/** The history was not moved; the message says why, and what to do. */
export class MigrationRefused extends Error {}

// What every reader of a format throws, and nothing else, whatever it is given.

export class Malformed extends Error {}

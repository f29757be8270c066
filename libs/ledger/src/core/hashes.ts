// Every hash of the record, to the byte. Knows neither Node nor a store: it is given SHA-256, so that it runs in a browser too.

/** SHA-256 of the concatenated parts. Synchronous. */
export type Sha256 = (...parts: Uint8Array[]) => Uint8Array;

/** The fields of a leaf entry; `data` and `meta` are lower-case hex hashes, `at` is RFC 3339 UTC with three decimals and Z. */
export interface LeafFields {
  stream: string;
  rev: number;
  id: string;
  type: string;
  /** Schema version of the type. */
  tv: number;
  at: string;
  data: string;
  meta: string;
}

/**
 * The leaf entry: RFC 8785 of `{"at","data","id","meta","rev","stream","tv","type","v":1}`. All its strings are printable
 * ASCII without quote or backslash, so JSON.stringify with the keys in this order writes the canonical bytes.
 */
export const leafEntry = (fields: LeafFields): string =>
  JSON.stringify({
    at: fields.at,
    data: fields.data,
    id: fields.id,
    meta: fields.meta,
    rev: fields.rev,
    stream: fields.stream,
    tv: fields.tv,
    type: fields.type,
    v: 1,
  });

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
const DATA = ascii('plenary/data/v1\0');
const META = ascii('plenary/meta/v1\0');
const SEALED = ascii('plenary/sealed/v1\0');

export interface LedgerHashes {
  /** RFC 6962: H(0x00 ‖ entry). */
  leaf(entry: Uint8Array): Uint8Array;
  /** RFC 6962: H(0x01 ‖ left ‖ right). */
  node(left: Uint8Array, right: Uint8Array): Uint8Array;
  /** H(""), the root of the empty tree. */
  empty(): Uint8Array;
  /** Of an event's data: its canonical bytes, with its 32-byte salt. */
  data(salt: Uint8Array, canonical: Uint8Array): Uint8Array;
  meta(salt: Uint8Array, canonical: Uint8Array): Uint8Array;
  /** Of a typed text: the canonical bytes of the JSON string, with the 32-byte salt of its own. */
  sealed(salt: Uint8Array, canonical: Uint8Array): Uint8Array;
}

export const ledgerHashes = (sha256: Sha256): LedgerHashes => ({
  leaf: (entry) => sha256(LEAF, entry),
  node: (left, right) => sha256(NODE, left, right),
  empty: () => sha256(),
  data: (salt, canonical) => sha256(DATA, salt, canonical),
  meta: (salt, canonical) => sha256(META, salt, canonical),
  sealed: (salt, canonical) => sha256(SEALED, salt, canonical),
});

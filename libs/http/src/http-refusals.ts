// Refusals of the HTTP edge: what is wrong with a request before any rule of the record is asked.
import { refusals } from '#kernel';

export const httpRefusals = refusals({
  'body-unreadable': {
    status: 400,
    title: 'The body is not JSON',
    rule: 'A body is one JSON object in UTF-8, at most 1 MiB, nested at most 32 levels.',
  },
  'fields-invalid': {
    status: 400,
    title: 'Fields of the request are wrong',
    rule: 'Each field that is named in `fields` says what is wrong with it and what would be right. Unknown fields are refused, so that no typing mistake is lost.',
  },
  'query-invalid': {
    status: 400,
    title: 'Parameters of the address are wrong',
    rule: 'Each parameter that is named in `fields` says what is wrong with it and what would be right.',
  },
  'header-invalid': {
    status: 400,
    title: 'A header of the request is wrong',
    rule: 'Idempotency-Key has 1 to 200 printable ASCII characters; If-Match is one revision in quotes; Plenary-Position is a token that this API gave.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid token is needed',
    rule: 'Send `Authorization: Bearer plenary_…`. An admin makes tokens with `plenary token create`.',
  },
  'no-such-address': {
    status: 404,
    title: 'There is nothing at this address',
    rule: 'All addresses stand in /api/docs.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    rule: 'At most 1 MiB a request.',
  },
  'media-type-unsupported': {
    status: 415,
    title: 'The body is of a type that is not taken here',
    rule: 'Send `Content-Type: application/json`, in UTF-8 and without a `Content-Encoding`.',
  },
  'request-unreadable': {
    status: 400,
    title: 'The request is not HTTP',
    rule: 'The API speaks HTTP/1.1, with the methods that stand in /api/docs.',
  },
  'request-too-slow': {
    status: 408,
    title: 'The request took too long to arrive',
    rule: 'Headers and body arrive within half a minute.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The headers are too large',
    rule: 'The line of the request and its headers have at most 16 KiB.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests',
    rule: 'Requests are limited by subject, and failed logins by address. Wait as many seconds as `Retry-After` says.',
  },
  'not-projected-yet': {
    status: 503,
    title: 'The register has not caught up with what you wrote',
    rule: 'A read waits for what its reader recorded, at most two seconds. It is recorded; ask again.',
  },
  'projection-behind': {
    status: 503,
    title: 'The register is too far behind to take more',
    rule: 'Writers wait while the projection lags. Nothing was recorded; try again.',
  },
  'completions-pending': {
    status: 503,
    title: 'What was decided before is still being completed',
    rule: 'Rule 5: a decision that replaces another one, or settles an allocation, is completed in the history of that one. Nothing was recorded; try again.',
  },
  'not-started': {
    status: 503,
    title: 'The server is still starting',
    rule: 'What holds the start up stands in /api/v1/health. Nothing was recorded; try again.',
  },
  'projection-stopped': {
    status: 503,
    title: 'The register has stopped',
    rule: 'A record could not be read, or was not written by this installation. The log is safe; an operator must look at /api/v1/health.',
  },
  'record-diverged': {
    status: 503,
    title: 'The history in the store is not the one that was signed',
    rule: 'Nothing is recorded on a history that differs from its signed checkpoints; reads go on, for auditors alone where the log lost a removal or a restriction with its end. An operator compares the store, its backups and the signer’s directory.',
  },
  'history-unreadable': {
    status: 503,
    title: 'The event store cannot be read now',
    rule: 'Lists and details are read elsewhere, and go on. The detail names the cause; try again.',
  },
  'record-unusable': {
    status: 503,
    title: 'The store does not hold a record as it was written',
    rule: 'It is missing there, cannot be read, or does not fit its leaf, its seal or the hash of a text: it was changed outside Plenary, or by the disk. Nothing of it is shown, nor of a page that it stands in; other records go on. An operator looks at docs/operating.md.',
  },
  'internal-error': {
    status: 500,
    title: 'A fault of the program',
    rule: 'It is logged under the correlation id that the answer names. Whether the command was recorded is unknown: repeat it with the same Idempotency-Key.',
  },
});

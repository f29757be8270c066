// What other contexts may use of this one: the record, event by event, as a reader may see it.
export { Records, type ShownRecord } from './records.js';

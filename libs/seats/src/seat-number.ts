// The number of a seat, as it stands in a path.
import { runnerRefusals } from '#event-store';
import { isRefusal, type Refusal } from '#kernel';
import { RefusalException } from '#http';

const PLAIN = /^[1-9]\d{0,3}$/;
const SHOWN = 40;

/** One way to write each number: what only equals one, such as 2.0, addresses nothing. */
export const parseSeat = (typed: string): number | Refusal =>
  PLAIN.test(typed)
    ? Number(typed)
    : runnerRefusals['not-found'](`There is no seat ${JSON.stringify(typed.slice(0, SHOWN))}: seats are numbered 1, 2, 3.`);

export function seatOf(typed: string): number {
  const seat = parseSeat(typed);
  if (isRefusal(seat)) throw new RefusalException(seat);
  return seat;
}

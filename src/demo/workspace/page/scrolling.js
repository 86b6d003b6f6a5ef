/** Within this of the end, in pixels, somebody reads the newest and wants to go on doing so. */
const NEAR_END = 80;

/** Changes what is in a scrolling list, and leaves the reader where they were, or at the end. */
export function keepPlace(scroller, change) {
  const wasAtEnd = isAtEnd(scroller);
  change();
  if (wasAtEnd) toEnd(scroller);
}

/** Puts earlier items above, without moving what is read. */
export function keepDistanceToEnd(scroller, change) {
  const distance = scroller.scrollHeight - scroller.scrollTop;
  change();
  scroller.scrollTop = scroller.scrollHeight - distance;
}

/** Who reads the newest goes on doing so when the list becomes smaller, as beside a thread or above a keyboard. */
export function stayAtEnd(scroller) {
  let wasAtEnd = true;
  scroller.addEventListener('scroll', () => {
    wasAtEnd = isAtEnd(scroller);
  });
  new ResizeObserver(() => wasAtEnd && toEnd(scroller)).observe(scroller);
}

function isAtEnd({ scrollTop, scrollHeight, clientHeight }) {
  return scrollHeight - scrollTop - clientHeight < NEAR_END;
}

/** To the newest: where somebody wants to be who has just sent something. */
export function toEnd(scroller) {
  scroller.scrollTop = scroller.scrollHeight;
}

/**
 * Attached to a screen's heading: a new screen takes the focus away from whatever had it, so that a screen reader
 * reads the heading and a key meant for the last screen presses nothing on this one [C4].
 */
export function focusOnArrival(element: HTMLElement): void {
  element.focus({ preventScroll: true })
  window.scrollTo(0, 0)
}
